// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.keys.KeyMaterial;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Key material of one name. It is there before its files are; the configuration key {@code files.target} names the condition
 * that says that they are, for runtimes that write them while they start and users that can't begin without.
 */
@Designate(ocd = FileKeysConfig.class, factory = true)
@Component(configurationPid = FileKeysConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FileKeys implements KeyMaterial {

    private final FileKeysSettings settings;
    private final LiveKeys live;

    @Activate
    public FileKeys(FileKeysConfig config, @Reference(name = "files") Condition files) {
        settings = FileKeysSettings.of(config);
        live = new LiveKeys(settings.files());
    }

    @Override
    public X509ExtendedKeyManager keyManager() {
        return new LiveKeyManager(live);
    }

    @Override
    public X509ExtendedTrustManager trustManager() {
        return new LiveTrustManager(live);
    }

    @Override
    public SSLContext tls() {
        return live.context();
    }

    @Override
    public X509Certificate certificate() {
        KeyFiles.Material now = live.get();
        return now != null ? now.own() : unusable();
    }

    private X509Certificate unusable() {
        settings.requireFiles();
        try {
            return settings.files().read().own(); // Says what is wrong.
        } catch (IOException | GeneralSecurityException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    FileKeysConfig.PID + " keys.name=" + settings.name() + ": can't be used: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public String origin() {
        return FileKeysConfig.PID + " certificate.file=" + settings.files().certificate();
    }
}
