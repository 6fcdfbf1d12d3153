// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key, certificate and trust of a port, read anew when their files change. Handshakes use what was read last; before that
 * they fail. A damaged file leaves the old ones in force. Safe for any thread.
 */
final class LiveKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveKeys.class);

    private final KeyFiles files;
    private final Duration pollEvery;
    private final Clock clock = Clock.system();
    private final Thread watcher = Thread.ofVirtual().name("signal-keys").unstarted(this::watch);
    private volatile KeyFiles.@Nullable Material material;
    private volatile long seen = -1;

    LiveKeys(KeyFiles files, Duration pollEvery) {
        this.files = files;
        this.pollEvery = pollEvery;
    }

    /** Reads what is there and begins to watch. */
    void start() {
        look();
        if (material == null) {
            LOG.atWarn()
                    .addKeyValue(Keys.FILE, files.certificate())
                    .log("no certificate yet: handshakes fail until there is one");
        }
        watcher.start();
    }

    SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                new KeyManager[] {new LiveKeyManager(() -> material)},
                new TrustManager[] {new LiveTrustManager(() -> material)},
                new SecureRandom());
        return context;
    }

    /** {@link KeyFiles#stamp} of the files that were read last. */
    long stampInForce() {
        return seen;
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            clock.sleep(pollEvery);
            look();
        }
    }

    private void look() {
        long stamp = files.stamp();
        if (stamp == seen || stamp == -1) {
            return;
        }
        try {
            material = files.read();
            LOG.atInfo().addKeyValue(Keys.FILE, files.certificate()).log("certificate in force");
        } catch (IOException | GeneralSecurityException e) {
            LOG.atError()
                    .addKeyValue(Keys.FILE, files.certificate())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("certificate not usable");
        }
        seen = stamp;
    }
}
