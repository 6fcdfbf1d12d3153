// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.updates.BundleChange;
import io.nvremote.updates.BundleChange.State;
import io.nvremote.updates.BundleReport;
import io.nvremote.updates.RuntimeBundles;
import io.nvremote.updates.UpdateError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Updates of a runtime's bundles, one at a time, each kept for the next starts. Safe for any thread. */
final class BundleUpdates implements RuntimeBundles {

    private static final Logger LOG = LoggerFactory.getLogger(BundleUpdates.class);
    /** After so many starts with which the runtime was not well a version is given up. */
    private static final int STARTS = 2;

    private final BundleContext context;
    private final Exchange exchange;
    private final Publishers publishers;
    private final Ledger ledger;
    private final Clock clock;
    private final ReentrantLock one = new ReentrantLock();
    /** Names of those whose next version waits for a moment when nothing would end with it. */
    private final Set<String> idle = ConcurrentHashMap.newKeySet();

    BundleUpdates(BundleContext context, Exchange exchange, Publishers publishers, Ledger ledger, Clock clock) {
        this.context = context;
        this.exchange = exchange;
        this.publishers = publishers;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public List<BundleReport> list() {
        return Part.all(context)
                .map(Part::name)
                .distinct()
                .map(this::running)
                .sorted(Comparator.comparing(Part::name))
                .map(part -> new BundleReport(
                        part.name(), part.version(), part.updated(), waiting(part), part.fixed(context.getBundle())))
                .toList();
    }

    private Part running(String name) {
        return Part.running(name, context, exchange.retired());
    }

    /** What the next start takes, if that is another than the one that runs. */
    private String waiting(Part part) {
        String next = ledger.current(part.name())
                .map(Ledger.Update::version)
                .or(() -> Part.shipped(part.name(), context).map(Part::version))
                .orElse("the runtime's own"); // Which made way for an update that others are wired to.
        return next.equals(part.version()) ? "" : next;
    }

    @Override
    public BundleChange update(Path jar, When when, boolean downgrade) {
        one.lock();
        try {
            Release release = Release.read(jar, publishers, clock.instant());
            String name = release.name();
            String version = release.version().toString();
            Part old = running(name);
            String never = old.never(context.getBundle());
            if (!never.isEmpty()) {
                throw new StreamException(UpdateError.NEVER_ALONE, name + ": " + never);
            }
            List<String> ends = allowed(old, when);
            release.follows(old, downgrade);
            Optional<Ledger.Update> before = ledger.current(name);
            if (before.isPresent() && !before.get().version().equals(old.version())) {
                ledger.pop(name); // It waited, and another takes its place.
            }
            String shipped = before.map(Ledger.Update::shipped).orElse(old.version());
            Ledger.Update update =
                    ledger.push(name, version, shipped, release.jar().content().bytes(), clock.instant());
            if (when == When.AT_RESTART || !ends.isEmpty()) {
                return waits(old, version, ends);
            }
            return takesOver(old, update, release);
        } finally {
            one.unlock();
        }
    }

    /** It comes with the next start, or before that when nothing of these is under way any more. */
    private BundleChange waits(Part old, String version, List<String> ends) {
        if (ends.isEmpty()) {
            idle.remove(old.name());
            return told(old, version, State.WAITING, "for the next start");
        }
        idle.add(old.name());
        return told(old, version, State.WAITING, "until nothing ends with it; now: " + String.join(", ", ends));
    }

    private BundleChange takesOver(Part old, Ledger.Update update, Release release) {
        try {
            Duration gap = exchange.run(old, release.install(context, old));
            ledger.replace(old.name(), update.proof());
            return told(old, update.version(), State.REPLACED, gap(gap));
        } catch (StreamException e) {
            ledger.pop(old.name());
            told(old, update.version(), State.UNDONE, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** Looks whether something of what waits for a quiet moment can be done now. For a thread that comes back to it. */
    void whenIdle() {
        one.lock();
        try {
            idle.forEach(this::whenIdle);
            exchange.letGoOfFormer();
        } finally {
            one.unlock();
        }
    }

    private void whenIdle(String name) {
        Part old = running(name);
        if (waiting(old).isEmpty()) {
            idle.remove(name); // Taken back.
        } else if (exchange.ends(old).isEmpty()) {
            idle.remove(name);
            Optional<Ledger.Update> next = ledger.current(name);
            if (next.isPresent()) {
                takesOver(old, next.get(), kept(next.get()));
            } else {
                goesBack(old, shipped(name));
            }
        }
    }

    private BundleChange goesBack(Part old, Bundle to) {
        String version = to.getVersion().toString();
        try {
            return told(old, version, State.REPLACED, gap(exchange.run(old, to)));
        } catch (StreamException e) {
            told(old, version, State.UNDONE, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private static String gap(Duration gap) {
        return gap.isZero() ? "without a gap" : "something did not run for " + gap.toMillis() + " ms";
    }

    /**
     * Whether the one that runs may go.
     *
     * @return what would end with it; asked for only where that matters
     */
    private List<String> allowed(Part old, When when) {
        if (when == When.AT_RESTART) {
            return List.of();
        }
        String fixed = old.fixed(context.getBundle());
        if (!fixed.isEmpty()) {
            throw new StreamException(UpdateError.RESTART_NEEDED, old.name() + ": " + fixed);
        }
        List<String> ends = when == When.FORCED ? List.of() : exchange.ends(old);
        if (when == When.NOW && !ends.isEmpty()) {
            throw new StreamException(UpdateError.WOULD_END, old.name() + ": " + String.join(", ", ends));
        }
        return ends;
    }

    @Override
    public BundleChange rollback(String name, When when) {
        one.lock();
        try {
            Part old = running(name);
            Ledger.Update current = ledger.current(name)
                    .orElseThrow(() -> new StreamException(
                            UpdateError.NOTHING_BEFORE, name + " " + old.version() + " came with the runtime"));
            if (!current.version().equals(old.version())) {
                ledger.pop(name);
                return told(new BundleChange(
                        name, current.version(), old.version(), State.REPLACED, "it only waited", clock.instant()));
            }
            List<String> ends = allowed(old, when);
            Optional<Ledger.Update> former = ledger.before(name);
            if (when == When.AT_RESTART || !ends.isEmpty()) {
                ledger.pop(name);
                return waits(old, former.map(Ledger.Update::version).orElse(current.shipped()), ends);
            }
            Bundle fresh =
                    former.map(update -> kept(update).install(context, old)).orElseGet(() -> shipped(name));
            BundleChange change = goesBack(old, fresh);
            ledger.pop(name);
            return change;
        } finally {
            one.unlock();
        }
    }

    private Release kept(Ledger.Update update) {
        return Release.read(ledger.jar(update), publishers, update.at());
    }

    private Bundle shipped(String name) {
        return Part.shipped(name, context)
                .map(Part::bundle)
                .orElseThrow(() -> new StreamException(
                        UpdateError.RESTART_NEEDED, name + ": the runtime's own version comes with the next start"));
    }

    @Override
    public List<BundleChange> history() {
        return ledger.history();
    }

    private BundleChange told(Part old, String to, State state, String detail) {
        return told(new BundleChange(old.name(), old.version(), to, state, detail, clock.instant()));
    }

    private BundleChange told(BundleChange change) {
        ledger.record(change);
        LOG.atInfo()
                .addKeyValue(Keys.BUNDLE, change.name())
                .addKeyValue(Keys.VERSION, change.to())
                .addKeyValue("from", change.from())
                .addKeyValue("state", change.state())
                .addKeyValue(Keys.REASON, change.detail())
                .log("bundle update");
        return change;
    }

    /** Puts what was kept in its place, before the bundles that it replaces are started. */
    void restore() {
        ledger.names().forEach(this::restore);
    }

    private void restore(String name) {
        ledger.current(name).ifPresent(update -> {
            try {
                restore(name, update);
            } catch (StreamException | BundleException e) {
                ledger.pop(name);
                String next = ledger.current(name).map(Ledger.Update::version).orElse(update.shipped());
                String why = String.valueOf(e.getMessage());
                told(new BundleChange(name, update.version(), next, State.UNDONE, why, clock.instant()));
                restore(name); // What was before it.
            }
        });
    }

    private void restore(String name, Ledger.Update update) throws BundleException {
        Part own = new Part(shipped(name));
        if (!own.version().equals(update.shipped())) {
            throw new StreamException(
                    UpdateError.NOT_COMPATIBLE,
                    "it was made for " + update.shipped() + ", and the runtime has " + own.version());
        }
        if (!update.proven() && update.starts() >= STARTS) {
            throw new StreamException(
                    UpdateError.UNHEALTHY, "the runtime was not well with it in " + STARTS + " starts");
        }
        ledger.replace(name, update.started());
        Bundle fresh = kept(update).install(context, own);
        if (own.exports()) {
            own.bundle().uninstall(); // Nobody may be wired to its packages.
        } else {
            own.bundle().stop();
        }
        fresh.start(Bundle.START_ACTIVATION_POLICY);
    }

    /** The runtime is well: what it was started with may stay. */
    void proven() {
        one.lock();
        try {
            ledger.names().forEach(name -> ledger.current(name)
                    .filter(update -> update.version().equals(running(name).version()))
                    .ifPresent(update -> ledger.replace(name, update.proof())));
        } finally {
            one.unlock();
        }
    }
}
