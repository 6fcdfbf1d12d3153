// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.authority;

import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.GatewayId;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.directory.CertificateAuthority;
import io.nvremote.directory.Credentials;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the certificates that the ports of this machine read: {@code ca.pem}, {@code server.pem}, {@code control-plane.pem} and
 * {@code gateway-<id>.pem}, each with its {@code …-key.pem}. New at every start, and again when a third of their life is
 * left; ports take new files without a restart. Its service says that the files are there.
 */
@Designate(ocd = CertificateFilesConfig.class)
@Component(
        service = Condition.class,
        property = Condition.CONDITION_ID + "=io.nvremote.keys.authority",
        immediate = true,
        configurationPid = CertificateFilesConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class CertificateFiles implements Condition {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(10);

    private final CertificateAuthority authority;
    private final Path folder;
    private final Map<String, Supplier<Credentials>> wanted = new HashMap<>();
    private final Map<String, Instant> renewAt = new HashMap<>();
    private final Clock clock = Clock.system();
    private final Thread thread = Thread.ofVirtual().name("certificate-files").unstarted(this::run);
    private volatile boolean running = true;

    @Activate
    public CertificateFiles(CertificateFilesConfig config, @Reference CertificateAuthority authority) {
        this.authority = authority;
        CertificateFilesSettings settings = CertificateFilesSettings.of(config);
        folder = settings.folder();
        Set<String> names = settings.names();
        Set<String> addresses = settings.addresses();
        wanted.put("server", () -> authority.server(names, addresses));
        wanted.put("control-plane", authority::controlPlane);
        for (GatewayId gateway : settings.gateways()) {
            wanted.put("gateway-" + gateway, () -> authority.gateway(gateway, names, addresses));
        }
        write();
        thread.start(); // last: nothing after it can fail
    }

    private void run() {
        clock.sleep(LOOK_EVERY);
        while (running) {
            try {
                write();
            } catch (StreamException e) {
                if (running) { // A stop interrupts what is being written: nothing is wrong then.
                    LOG.atError().addKeyValue(Keys.FILE, folder).setCause(e).log("certificates can't be renewed");
                }
            }
            clock.sleep(LOOK_EVERY);
        }
    }

    private void write() {
        Instant now = clock.instant();
        try {
            StateFiles.ownerFolder(folder);
            for (Map.Entry<String, Supplier<Credentials>> entry : wanted.entrySet()) {
                Instant due = renewAt.get(entry.getKey());
                if (due == null || !due.isAfter(now)) {
                    Credentials made = entry.getValue().get();
                    text(entry.getKey() + "-key.pem", made.privateKeyPem().reveal());
                    text(entry.getKey() + ".pem", made.certificatePem());
                    renewAt.put(
                            entry.getKey(),
                            made.notAfter()
                                    .minus(Duration.between(now, made.notAfter())
                                            .dividedBy(3)));
                    LOG.atInfo()
                            .addKeyValue(Keys.FILE, entry.getKey() + ".pem")
                            .addKeyValue("not_after", made.notAfter())
                            .log("certificate written");
                }
            }
            text("ca.pem", authority.rootPem());
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    CertificateFilesConfig.PID + " folder=" + folder + ": can't be written",
                    e);
        }
    }

    private void text(String name, String content) throws IOException {
        StateFiles.write(folder.resolve(name), content, Readers.OWNER);
    }

    @Deactivate
    void close() {
        running = false;
        thread.interrupt();
    }
}
