// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import io.nvremote.core.Keys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Key, certificate and trust from files, read anew when the files have changed: each handshake uses what is there at its
 * time, so that a renewed certificate needs no restart of either end. Before there are files handshakes fail; damaged
 * ones, and a key and certificate that do not belong together, leave the old ones in force. Safe for any thread.
 */
final class LiveKeys implements Supplier<KeyFiles.@Nullable Material> {

    private static final Logger LOG = LoggerFactory.getLogger(LiveKeys.class);

    private final KeyFiles files;
    private KeyFiles.@Nullable Material material;
    private long seen = -1;

    /** Reads what is there. */
    LiveKeys(KeyFiles files) {
        this.files = files;
        if (get() == null) {
            LOG.atWarn()
                    .addKeyValue(Keys.FILE, files.certificate())
                    .log("no certificate yet: handshakes fail until there is one");
        }
    }

    /** What is in force now; null if there was never anything usable. Costs a look at the files' times. */
    @Override
    public synchronized KeyFiles.@Nullable Material get() {
        long stamp = files.stamp();
        if (stamp == seen || stamp == -1) {
            return material;
        }
        try {
            material = files.read();
            LOG.atInfo()
                    .addKeyValue(Keys.FILE, files.certificate())
                    .addKeyValue("not_after", material.own().getNotAfter().toInstant())
                    .log("certificate in force");
        } catch (IOException | GeneralSecurityException e) {
            LOG.atError()
                    .addKeyValue(Keys.FILE, files.certificate())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("certificate not usable");
        }
        seen = stamp;
        return material;
    }

    /** TLS 1.3 with both. */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    new KeyManager[] {new LiveKeyManager(this)},
                    new TrustManager[] {new LiveTrustManager(this)},
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS 1.3", e);
        }
    }
}
