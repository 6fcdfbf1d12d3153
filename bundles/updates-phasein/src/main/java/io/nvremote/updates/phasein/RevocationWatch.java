// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Keys;
import io.nvremote.lib.admission.Admission;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.lib.signed.Revocations;
import io.nvremote.lib.tasks.PeriodicTask;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether something that runs has been revoked: reading a small file is cheaper than being sure that every file system
 * tells of a change. Safe for any thread.
 */
final class RevocationWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);

    private record Origin(List<X509Certificate> signers, String sha256) {}

    private final Publishers publishers;
    private final BiConsumer<PluginId, String> revoked;
    private final Runnable changed;
    /** Of what runs, or is about to. */
    private final Map<PluginId, Origin> origins = new ConcurrentHashMap<>();

    private volatile Revocations before;
    private volatile @Nullable PeriodicTask task;

    /**
     * @param revoked is told what is revoked though it runs, and why; again until it no longer does
     * @param changed is told that the file is another than before
     */
    RevocationWatch(Publishers publishers, BiConsumer<PluginId, String> revoked, Runnable changed) {
        this.publishers = publishers;
        this.revoked = revoked;
        this.changed = changed;
        this.before = publishers.revocations();
    }

    void every(Duration pause) {
        task = PeriodicTask.every(pause, "plugin-revocations", this::look);
    }

    /** It runs from now on. */
    void runs(Admission.Admitted plugin) {
        origins.put(new PluginId(plugin.name(), plugin.version()), new Origin(plugin.signers(), plugin.sha256()));
    }

    void gone(PluginId plugin) {
        origins.remove(plugin);
    }

    /** Lines that are wrong revoke nothing, and let nobody in; those that are right hold. */
    void look() {
        Revocations now = publishers.revocations();
        Revocations last = before;
        before = now;
        boolean other = !now.equals(last);
        if (other) {
            told(now);
        }
        origins.forEach((plugin, origin) -> {
            String why = now.why(origin.signers(), origin.sha256());
            if (why != null) {
                revoked.accept(plugin, why);
            }
        });
        if (other) {
            changed.run();
        }
    }

    private static void told(Revocations now) {
        if (now.wrong().isEmpty()) {
            LOG.atInfo().addKeyValue(Keys.FILE, Revocations.FILE).log("what is revoked has changed");
        } else {
            LOG.atError()
                    .addKeyValue(Keys.FILE, Revocations.FILE)
                    .addKeyValue(Keys.REASON, String.join("; ", now.wrong()))
                    .log("what is revoked can't be told; no plugin is let in until it can");
        }
    }

    @Override
    public void close() {
        PeriodicTask running = task;
        if (running != null) {
            running.close();
        }
    }
}
