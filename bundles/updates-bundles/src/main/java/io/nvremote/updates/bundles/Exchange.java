// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.services.MissingPackage;
import io.nvremote.runtime.Front;
import io.nvremote.updates.UpdateError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one bundle in the place of another version of it while everything else runs. What a stream is made of comes beside the old
 * version, and the stream moves. With anything else those who ask wait at the fronts meanwhile: somebody who uses it may start anew. Where
 * two versions can't serve at once the old one stops first, since ports and files have one owner. What retires goes on beside the new one
 * until all that it began is over. All that ran before must run afterwards, or the old version is put back.
 *
 * <p><b>Threads.</b> One exchange at a time; code of the bundles runs on threads of its own and is waited for only so long.
 */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Duration STEP = Duration.ofMillis(20);

    private final BundleContext context;
    private final Working working;
    private final Steps steps;
    private final Retirement retirement;
    private final Clock clock;
    /** Stopped, and somebody may still hold something of it. */
    private final Set<Part> servedOut = new LinkedHashSet<>();

    /** @param patience how long code may take to start and to stop, and all that ran to run again */
    Exchange(BundleContext context, Working working, Duration patience, Clock clock) {
        this.context = context;
        this.working = working;
        this.steps = new Steps(patience);
        this.retirement = new Retirement(context, working, steps);
        this.clock = clock;
    }

    /**
     * Exchanges them; the old one is stopped afterwards, and its class loader let go: at once, or when nobody needs it any more.
     *
     * @param fresh installed, not started, or retired before
     * @return how long something of what ran before did not; zero where the new one served before the old one went
     * @throws StreamException {@link UpdateError#NOT_COMPATIBLE}, {@link UpdateError#UNHEALTHY}; the old one runs as before
     */
    Duration run(Part old, Bundle fresh) {
        try {
            resolve(fresh);
        } catch (StreamException e) {
            letGo(new Part(fresh));
            throw e;
        }
        SortedSet<String> before = now(old.bundle(), Set.of());
        SortedSet<String> own = now(old.bundle(), working.declared(old.bundle()));
        own.removeAll(before);
        boolean beside = old.besides();
        Duration gap;
        boolean again = retirement.includes(fresh);
        List<Front.Hold> held = old.isMedia() ? List.of() : hold();
        try {
            long since = clock.nanos();
            try {
                swap(old, fresh);
                own.removeIf(name -> !working.declared(fresh).contains(name.replaceAll(" .*", "")));
                before.addAll(own);
                await(before, old.bundle());
            } catch (StreamException e) {
                undo(old, fresh, again, before);
                throw e;
            }
            gap = beside ? Duration.ZERO : Duration.ofNanos(clock.nanos() - since);
        } finally {
            held.forEach(Front.Hold::close);
        }
        replaced(old);
        return gap;
    }

    private void swap(Part old, Bundle fresh) {
        if (old.retires()) {
            retirement.begin(old);
            steps.start(fresh);
            retirement.takeBack(new Part(fresh));
            serves(fresh);
        } else if (old.besides()) {
            steps.start(fresh);
            serves(fresh);
            steps.stop(old.bundle());
        } else {
            steps.stop(old.bundle());
            steps.start(fresh);
            serves(fresh);
        }
    }

    /** What would end with the bundle; where the new one comes first, only what can't change over to it. */
    List<String> ends(Part old) {
        return old.retires() ? List.of() : working.ends(old.bundle(), old.besides());
    }

    /** Whether its needs are met, found out before anything is stopped. */
    private void resolve(Bundle fresh) {
        if (wiring().resolveBundles(List.of(fresh))) {
            return;
        }
        String reason = "can't be wired";
        try {
            fresh.start(Bundle.START_TRANSIENT); // Only this says what is missing.
            fresh.stop();
        } catch (BundleException e) {
            reason = MissingPackage.explain(String.valueOf(e.getMessage()), context);
        }
        throw new StreamException(
                UpdateError.NOT_COMPATIBLE, fresh.getSymbolicName() + " " + fresh.getVersion() + " " + reason);
    }

    private List<Front.Hold> hold() {
        List<Front.Hold> held = new ArrayList<>();
        for (ServiceReference<Front> reference : working.references(Front.class)) {
            Front front = context.getService(reference);
            if (front != null) {
                Front.Hold hold = front.hold();
                held.add(() -> {
                    hold.close();
                    context.ungetService(reference);
                });
            }
        }
        return held;
    }

    /** What it offers can be had: a component that fails when somebody first asks for it would be found out too late. */
    private void serves(Bundle fresh) {
        ServiceReference<?>[] offered = fresh.getRegisteredServices();
        for (ServiceReference<?> reference : offered == null ? new ServiceReference<?>[0] : offered) {
            steps.run("a service", fresh, () -> {
                // Of a service that is made for each user one more is made than is used: its own business.
                if (context.getService(reference) == null && reference.getBundle() != null) {
                    throw new BundleException("a component could not be made; the log says why");
                }
                context.ungetService(reference);
            });
        }
    }

    /** What runs, without those that only end what they began. */
    private SortedSet<String> now(Bundle without, Set<String> only) {
        return working.now(without, only, retirement::includes);
    }

    /** Waits until all of these run, whoever of the old bundle's is gone by then. */
    private void await(SortedSet<String> wanted, Bundle old) {
        long end = clock.nanos() + steps.patience().toNanos();
        SortedSet<String> missing = new TreeSet<>(wanted);
        while (true) {
            missing.removeAll(now(old, Set.of()));
            if (missing.isEmpty()) {
                return;
            }
            if (clock.nanos() > end || Thread.currentThread().isInterrupted()) {
                throw new StreamException(UpdateError.UNHEALTHY, "did not run again: " + String.join(", ", missing));
            }
            clock.sleep(STEP);
            missing.clear();
            missing.addAll(wanted);
        }
    }

    private void undo(Part part, Bundle fresh, boolean wasRetired, SortedSet<String> before) {
        Bundle old = part.bundle();
        boolean first = part.besides();
        LOG.atWarn()
                .addKeyValue(Keys.BUNDLE, fresh.getSymbolicName())
                .addKeyValue(Keys.VERSION, fresh.getVersion())
                .log("the new version does not do: the old one is put back");
        if (first && old.getState() != Bundle.ACTIVE) {
            steps.start(old);
        }
        try {
            if (wasRetired) { // It has work of its own to end.
                retirement.begin(new Part(fresh));
            } else {
                steps.stop(fresh);
            }
        } catch (StreamException e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.BUNDLE, fresh).log("it did not stop either");
        }
        if (old.getState() != Bundle.ACTIVE) {
            steps.start(old);
        }
        retirement.takeBack(part);
        if (!wasRetired) {
            letGo(new Part(fresh));
        }
        try {
            await(before, fresh);
        } catch (StreamException e) {
            LOG.atError()
                    .addKeyValue(Keys.BUNDLE, old.getSymbolicName())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("the old version is back, and something does not run; restart the runtime");
        }
    }

    /** Those that only end what they began, beside who took their place. */
    Set<Part> retired() {
        return retirement.parts();
    }

    /** Lets go of what was replaced and is over: what retired has ended what it began, of what others held nothing is under way any more. */
    void letGoOfFormer() {
        retirement.over().forEach(this::letGo);
        servedOut.removeIf(part -> part.bundle().getState() == Bundle.ACTIVE); // It was rolled back to.
        if (!servedOut.isEmpty() && !working.busy()) {
            servedOut.forEach(this::letGo);
            servedOut.clear();
        }
    }

    private void replaced(Part old) {
        if (old.retires()) {
            letGoOfFormer();
        } else if (old.servesOut() && working.busy()) {
            servedOut.add(old);
        } else {
            letGo(old);
        }
    }

    /** One that came by an update goes for good; the runtime's own stays for a roll-back, without its classes. */
    private void letGo(Part old) {
        if (old.updated()) {
            remove(old.bundle());
        } else {
            wiring().refreshBundles(List.of(old.bundle()));
        }
    }

    /** Takes a bundle out of the framework. */
    void remove(Bundle bundle) {
        try {
            bundle.uninstall();
            wiring().refreshBundles(List.of(bundle));
        } catch (BundleException e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.BUNDLE, bundle).log("bundle did not go cleanly");
        }
    }

    private FrameworkWiring wiring() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }
}
