// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.admission.Admission;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.updates.PluginFigures;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.PluginUse;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of this runtime: those that run, those that are out, and what is kept of them for the next start.
 *
 * <p><b>Threads.</b> Safe for any; one installation at a time, and each is bounded whatever the plugin does.
 */
final class PluginStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginStore.class);
    private static final PluginUse NO_USE = () -> {};
    private static final Duration REVOCATIONS_EVERY = Duration.ofSeconds(1);
    private static final Duration THREADS_EVERY = Duration.ofSeconds(5);
    /** What may be let in when less is revoked. */
    private static final Set<PluginReport.State> REFUSED =
            Set.of(PluginReport.State.REVOKED, PluginReport.State.NOT_RESTORED);

    private final Admission admission;
    private final BundleContext context;
    private final Clock clock;
    private final RevocationWatch revocations;
    private final PluginBundles bundles;
    private final PluginNames names;
    private final PhaseIn phaseIn;
    private final Duration stop;
    private final PluginFolder files;
    private final Quarantine quarantine;
    private final DeathCount deaths;
    private final ReentrantLock installing = new ReentrantLock();
    /** Versions that somebody debugs. */
    private final Set<PluginId> debugged = ConcurrentHashMap.newKeySet();

    private final PluginMeasures measures;

    private final Map<String, PluginReport> reports = new ConcurrentHashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("plugins").factory());

    PluginStore(BundleContext context, PhaseInSettings settings, Clock clock) {
        this.context = context;
        this.clock = clock;
        Publishers publishers = new Publishers(settings.publishers());
        this.admission = new Admission(publishers);
        this.revocations = new RevocationWatch(publishers, this::revoked, () -> worker.execute(this::restoreRefused));
        this.bundles = new PluginBundles(context, settings.start(), settings.stop());
        this.measures = new PluginMeasures(context, bundles);
        this.names = new PluginNames(bundles);
        this.stop = settings.stop();
        this.phaseIn = new PhaseIn(bundles, settings, clock);
        Path data = settings.data();
        try {
            files = new PluginFolder(data.resolve("plugins"));
            quarantine = new Quarantine(data.resolve("quarantine"));
            deaths = new DeathCount(data.resolve("plugins-in-use"), clock);
        } catch (IOException e) {
            throw new StreamException(
                    UpdateError.FILE_UNREADABLE, "the folders for plugins can't be made in " + data + ": " + e, e);
        }
    }

    /** Brings back what was installed, in the background. */
    void restore() {
        worker.execute(this::restoreAll);
        revocations.every(REVOCATIONS_EVERY);
        measures.every(THREADS_EVERY);
    }

    PluginReport install(Path jar) {
        return install(jar, false);
    }

    PluginReport installForDevelopment(Path jar) {
        return install(jar, true);
    }

    private PluginReport install(Path jar, boolean development) {
        installing.lock();
        try {
            Admission.Admitted plugin = admission.admit(jar, clock.instant());
            PluginId id = new PluginId(plugin.name(), plugin.version());
            names.check(plugin);
            if (development) {
                names.checkBytes(plugin);
            } else {
                newAndNotRefused(plugin, id);
                debugged.remove(id);
            }
            PluginFolder.Pending pending = files.prepare(plugin);
            revocations.runs(plugin);
            PhaseIn.Outcome outcome;
            try {
                outcome = development ? debug(plugin, id) : deaths.during(id, () -> phaseIn.run(plugin));
            } catch (StreamException e) {
                pending.discard();
                revocations.gone(id);
                isolateIfAtFault(plugin, id, e);
                throw e;
            }
            PluginReport report = active(plugin, outcome);
            pending.keep(report);
            LOG.atInfo()
                    .addKeyValue(Keys.PLUGIN, plugin.name())
                    .addKeyValue(Keys.VERSION, plugin.version())
                    .log("plugin installed");
            return report;
        } finally {
            installing.unlock();
        }
    }

    private void newAndNotRefused(Admission.Admitted plugin, PluginId id) {
        if (quarantine.holds(id)) {
            throw new StreamException(UpdateError.QUARANTINED, id + " failed here before: " + quarantine.why(id));
        }
        names.checkVersion(plugin);
    }

    /** In development before its code runs. No framework has two bundles of one version: one that runs goes first. */
    private PhaseIn.Outcome debug(Admission.Admitted plugin, PluginId id) {
        debugged.add(id);
        for (Bundle before : bundles.plugins(id.name())) {
            if (before.getVersion().equals(id.version()) && !bundles.remove(before)) {
                throw new StreamException(
                        UpdateError.DID_NOT_STOP, id + " did not end within " + stop + ": restart the runtime");
            }
        }
        return phaseIn.atOnce(plugin);
    }

    private PluginReport active(Admission.Admitted plugin, PhaseIn.Outcome outcome) {
        PluginReport report = new PluginReport(
                plugin.name(),
                plugin.version().toString(),
                debugged.contains(new PluginId(plugin.name(), plugin.version()))
                        ? PluginReport.State.IN_DEVELOPMENT
                        : PluginReport.State.ACTIVE,
                plugin.publisher().subject(),
                String.join(",", outcome.replaced()),
                outcome.detail(),
                clock.instant());
        names.taken(plugin);
        reports.put(plugin.name(), report);
        return report;
    }

    private void isolateIfAtFault(Admission.Admitted plugin, PluginId id, StreamException why) {
        boolean hangs = why instanceof PluginBundles.Hung || bundles.isStuck(id);
        if (!debugged.contains(id) && (hangs || why.code() == UpdateError.WITHDRAWN)) {
            quarantine.put(id, plugin.publisher().subject(), String.valueOf(why.getMessage()), clock.instant());
        }
    }

    /** Takes a plugin's bundle and file away, or forgets one in quarantine (its version stays refused). */
    void remove(String name) {
        installing.lock();
        try {
            List<Bundle> running = bundles.plugins(name).stream()
                    .filter(b -> name.equals(b.getSymbolicName()))
                    .toList();
            if (running.isEmpty() && list().stream().noneMatch(r -> r.name().equals(name))) {
                throw new StreamException(UpdateError.NOT_INSTALLED, "no plugin is called " + name);
            }
            files.delete(name);
            debugged.removeIf(id -> id.name().equals(name));
            String publisher = Optional.ofNullable(reports.remove(name))
                    .map(PluginReport::publisher)
                    .orElse("");
            quarantine.forget(name);
            names.free(name);
            boolean gone = takeAway(running, publisher);
            quarantine.forget(name);
            LOG.atInfo().addKeyValue(Keys.PLUGIN, name).log("plugin removed");
            if (!gone) {
                throw new StreamException(UpdateError.DID_NOT_STOP, name + " did not end within " + stop);
            }
        } finally {
            installing.unlock();
        }
    }

    /** False if code of one of them did not end; such a version is refused from then on. */
    private boolean takeAway(List<Bundle> running, String publisher) {
        boolean gone = true;
        for (Bundle bundle : running) {
            Optional<PluginId> id = PluginId.of(bundle);
            id.ifPresent(revocations::gone);
            if (!bundles.remove(bundle)) {
                gone = false;
                id.ifPresent(i -> quarantine.put(i, publisher, "did not end when it was stopped", clock.instant()));
            }
            bundles.revive(String.valueOf(bundle.getSymbolicName()));
        }
        return gone;
    }

    /** What runs, what could not be brought back, and what is in quarantine. */
    List<PluginReport> list() {
        return Stream.concat(reports.values().stream(), quarantine.list().stream())
                .toList();
    }

    /** Lets the versions of a name in again. */
    void unquarantine(String name) {
        installing.lock();
        try {
            if (bundles.isStuck(name)) {
                throw new StreamException(
                        UpdateError.DID_NOT_STOP,
                        "code of " + name + " that failed runs on: restart the runtime first");
            }
            quarantine.release(name, deaths);
        } finally {
            installing.unlock();
        }
    }

    boolean isInDevelopment(long bundleId) {
        Bundle bundle = debugged.isEmpty() ? null : context.getBundle(bundleId);
        return bundle != null && PluginId.of(bundle).filter(debugged::contains).isPresent();
    }

    void failed(long bundleId, String reason) {
        Bundle bundle = context.getBundle(bundleId);
        if (isInDevelopment(bundleId)) {
            return; // Told by whoever found it; it stays.
        }
        if (bundle != null && PluginId.of(bundle).isPresent()) {
            phaseIn.failed(bundleId, reason);
            worker.execute(() -> withdraw(bundle, reason));
        }
    }

    PluginUse inUse(long bundleId) {
        Bundle bundle = context.getBundle(bundleId);
        Optional<PluginId> plugin = Optional.ofNullable(bundle).flatMap(PluginId::of);
        if (plugin.isEmpty()) {
            return NO_USE;
        }
        PluginId id = plugin.get();
        return measures.meter(id).measured(debugged.contains(id) ? NO_USE : deaths.begin(id));
    }

    /** Of the version that the list shows. */
    PluginFigures figures(String name) {
        PluginReport report = list().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StreamException(UpdateError.NOT_INSTALLED, "no plugin is called " + name));
        PluginId id = new PluginId(name, Version.parseVersion(report.version()));
        return measures.figures(id, deaths.recent(id));
    }

    /** A plugin that failed after its phase-in: its bundle goes, its version is refused from now on. */
    private void withdraw(Bundle bundle, String reason) {
        installing.lock(); // a phase-in that is running handles the failure of its own bundle
        try {
            Optional<PluginId> id = PluginId.of(bundle);
            if (id.isEmpty() || bundle.getState() == Bundle.UNINSTALLED) {
                return;
            }
            withdraw(id.get(), reason);
            takeAway(List.of(bundle), "");
        } catch (StreamException e) {
            LOG.atWarn().setCause(e).log("a withdrawn plugin's file could not be deleted");
        } finally {
            installing.unlock();
        }
    }

    private void withdraw(PluginId id, String reason) {
        PluginReport report = reports.get(id.name());
        quarantine.put(id, report == null ? "" : report.publisher(), reason, clock.instant());
        LOG.atWarn()
                .addKeyValue(Keys.PLUGIN, id)
                .addKeyValue(Keys.REASON, reason)
                .log("plugin withdrawn");
        if (report != null && report.version().equals(id.version().toString())) {
            reports.remove(id.name());
            names.free(id.name());
            files.delete(id.name());
        }
    }

    /** Trust was taken back from what runs. Its file stays, and is refused as long as that holds. */
    private void revoked(PluginId id, String reason) {
        bundles.plugins(id.name()).stream()
                .filter(bundle -> PluginId.of(bundle).filter(id::equals).isPresent())
                .forEach(bundle -> phaseIn.failed(bundle.getBundleId(), reason));
        installing.lock(); // a phase-in that is running gives up and takes its bundle away itself
        try {
            List<Bundle> running = bundles.plugins(id.name()).stream()
                    .filter(bundle -> PluginId.of(bundle).filter(id::equals).isPresent())
                    .toList();
            if (running.isEmpty()) {
                revocations.gone(id);
                return;
            }
            LOG.atWarn()
                    .addKeyValue(Keys.PLUGIN, id)
                    .addKeyValue(Keys.REASON, reason)
                    .log("plugin revoked");
            PluginReport report = reports.get(id.name());
            takeAway(running, report == null ? "" : report.publisher());
            if (report != null && report.version().equals(id.version().toString())) {
                names.free(id.name());
                reports.put(id.name(), report.now(PluginReport.State.REVOKED, reason, clock.instant()));
            }
        } finally {
            installing.unlock();
        }
    }

    /** What is revoked has changed: what was refused for that may be let in now. */
    private void restoreRefused() {
        installing.lock();
        try {
            for (PluginFolder.Kept kept : files.list()) {
                PluginReport report = reports.get(kept.name());
                if (report != null && REFUSED.contains(report.state())) {
                    restore(kept);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("plugins can't be restored");
        } finally {
            installing.unlock();
        }
    }

    private void restoreAll() {
        installing.lock();
        try {
            for (PluginId id : deaths.settle()) {
                withdraw(
                        id,
                        "the process died " + DeathCount.LIMIT + " times within " + DeathCount.WINDOW.toHours()
                                + " h while it was in use");
            }
            for (PluginFolder.Kept kept : files.list()) {
                restore(kept);
            }
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("plugins can't be restored");
        } finally {
            installing.unlock();
        }
    }

    private void restore(PluginFolder.Kept kept) {
        try {
            Admission.Admitted plugin = admission.admit(kept.jar(), kept.since().orElseGet(clock::instant));
            PluginId id = new PluginId(plugin.name(), plugin.version());
            bundles.plugins(plugin.name()).forEach(bundles::remove); // Of a framework that keeps its bundles.
            names.check(plugin);
            if (kept.inDevelopment()) {
                debugged.add(id);
            } else if (quarantine.holds(id)) {
                files.delete(id.name());
                return;
            }
            try {
                PluginUse use = kept.inDevelopment() ? NO_USE : deaths.begin(id);
                revocations.runs(plugin);
                try (use) {
                    active(plugin, phaseIn.again(plugin));
                }
            } catch (StreamException e) {
                revocations.gone(id);
                isolateIfAtFault(plugin, id, e);
                throw e;
            }
            LOG.atInfo().addKeyValue(Keys.PLUGIN, id).log("plugin restored");
        } catch (StreamException e) {
            LOG.atWarn()
                    .addKeyValue(Keys.CODE, e.code().name())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .addKeyValue(Keys.FILE, kept.jar().getFileName())
                    .log("plugin not restored");
            PluginReport.State state =
                    e.code() == UpdateError.REVOKED ? PluginReport.State.REVOKED : PluginReport.State.NOT_RESTORED;
            reports.put(kept.name(), kept.refused(state, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() {
        revocations.close();
        measures.close();
        worker.shutdownNow();
    }
}
