// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins that were admitted, on disk so that they come back after a restart. {@code plugins/} holds the admitted
 * files by name; {@code quarantine/} an empty file per SHA-256 that failed here.
 *
 * <p><b>Threads.</b> Safe for any; one installation at a time.
 */
final class PluginStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginStore.class);

    private final Admission admission;
    private final PhaseIn phaseIn;
    private final BundleContext context;
    private final Path plugins;
    private final Path quarantine;
    private final ReentrantLock installing = new ReentrantLock();
    private final Map<String, PluginReport> reports = new ConcurrentHashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("plugins").factory());

    PluginStore(Admission admission, PhaseIn phaseIn, BundleContext context, Path data) {
        this.admission = admission;
        this.phaseIn = phaseIn;
        this.context = context;
        try {
            plugins = Files.createDirectories(data.resolve("plugins"));
            quarantine = Files.createDirectories(data.resolve("quarantine"));
        } catch (IOException e) {
            throw new StreamException(
                    UpdateError.FILE_UNREADABLE, "the folder for plugins can't be made in " + data, e);
        }
        worker.execute(this::restore);
    }

    PluginReport install(Path jar) {
        installing.lock();
        try {
            Admission.Admitted plugin = admission.admit(jar);
            if (Files.exists(quarantine.resolve(plugin.sha256()))) {
                throw new StreamException(
                        UpdateError.QUARANTINED, plugin.name() + " " + plugin.version() + " failed here before");
            }
            try {
                PluginReport report = phaseIn.run(plugin);
                Files.copy(
                        plugin.content().open(),
                        plugins.resolve(plugin.name() + ".jar"),
                        StandardCopyOption.REPLACE_EXISTING);
                reports.put(plugin.name(), report);
                LOG.atInfo()
                        .addKeyValue(Keys.PLUGIN, plugin.name())
                        .addKeyValue(Keys.VERSION, plugin.version())
                        .log("plugin installed");
                return report;
            } catch (StreamException e) {
                if (e.code() == UpdateError.WITHDRAWN) {
                    isolate(plugin.sha256());
                }
                throw e;
            } catch (IOException e) {
                throw new StreamException(
                        UpdateError.FILE_UNREADABLE,
                        plugin.name() + " runs, but can't be kept for the next start: " + e.getMessage(),
                        e);
            }
        } finally {
            installing.unlock();
        }
    }

    /** Takes a plugin's bundle and file away, or forgets one in quarantine (its file stays refused). */
    void remove(String name) {
        installing.lock();
        try {
            List<Bundle> bundles = Stream.of(context.getBundles())
                    .filter(b -> name.equals(b.getSymbolicName()))
                    .filter(b -> b.getLocation().startsWith("plugin:"))
                    .toList();
            if (bundles.isEmpty() && !reports.containsKey(name)) {
                throw new StreamException(UpdateError.NOT_INSTALLED, "no plugin is called " + name);
            }
            bundles.forEach(phaseIn::remove);
            reports.remove(name);
            Files.deleteIfExists(plugins.resolve(name + ".jar"));
            LOG.atInfo().addKeyValue(Keys.PLUGIN, name).log("plugin removed");
        } catch (IOException e) {
            throw new StreamException(
                    UpdateError.FILE_UNREADABLE,
                    name + " is gone, but its file can't be deleted, so it comes back with the next start: "
                            + e.getMessage(),
                    e);
        } finally {
            installing.unlock();
        }
    }

    List<PluginReport> list() {
        return List.copyOf(reports.values());
    }

    void failed(long bundleId, String reason) {
        phaseIn.failed(bundleId, reason);
        worker.execute(() -> withdraw(bundleId, reason));
    }

    /** A plugin that failed after its phase-in: its bundle goes, its file is refused from now on. */
    private void withdraw(long bundleId, String reason) {
        installing.lock(); // a phase-in that is running handles the failure of its own bundle
        try {
            Bundle bundle = context.getBundle(bundleId);
            if (bundle == null || !bundle.getLocation().startsWith("plugin:")) {
                return;
            }
            String location = bundle.getLocation();
            isolate(location.substring(location.lastIndexOf(':') + 1));
            phaseIn.remove(bundle);
            Files.deleteIfExists(plugins.resolve(bundle.getSymbolicName() + ".jar"));
            reports.computeIfPresent(
                    bundle.getSymbolicName(),
                    (name, r) -> new PluginReport(
                            name,
                            r.version(),
                            PluginReport.State.QUARANTINED,
                            r.publisher(),
                            r.replaced(),
                            reason,
                            r.since()));
            LOG.atWarn()
                    .addKeyValue(Keys.PLUGIN, bundle.getSymbolicName())
                    .addKeyValue(Keys.REASON, reason)
                    .log("plugin withdrawn");
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("a withdrawn plugin's file could not be deleted");
        } finally {
            installing.unlock();
        }
    }

    private void isolate(String sha256) {
        try {
            Files.write(quarantine.resolve(sha256), new byte[0]);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("quarantine can't be recorded");
        }
    }

    private void restore() {
        try (Stream<Path> files = Files.list(plugins)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
                try {
                    install(file);
                } catch (StreamException e) {
                    LOG.atWarn()
                            .addKeyValue(Keys.CODE, e.code().name())
                            .addKeyValue(Keys.FILE, file.getFileName())
                            .log("plugin not restored");
                }
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("plugins can't be restored");
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
