// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.admission.Admission;
import io.nvremote.updates.UpdateError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a new bundle up beside the old and takes the old away when the new one has served for a while. {@code
 * Bundle.update} in place is never used: it would take the running stream's encoder away under it.
 *
 * <p>Which service serves is the role bundle's choice (docs/decisions/0004): streams move to the new version while both
 * are there. Stopping the old bundle then unregisters services that no stream uses; a stream that still does is moved by
 * the role bundle before its unbind method returns.
 *
 * <p><b>Threads.</b> One phase-in at a time; {@link #failed} may come from any thread while one runs.
 */
final class PhaseIn {

    private static final Logger LOG = LoggerFactory.getLogger(PhaseIn.class);
    private static final Duration STEP = Duration.ofMillis(20);

    private final PluginBundles bundles;
    private final Duration probation;
    private final Duration start;
    private final Clock clock;
    /** Bundle ids whose service failed, with the reason. */
    private final Map<Long, String> failures = new ConcurrentHashMap<>();

    PhaseIn(PluginBundles bundles, PhaseInSettings settings, Clock clock) {
        this.bundles = bundles;
        this.probation = settings.probation();
        this.start = settings.start();
        this.clock = clock;
    }

    /** What came of it: versions that it took over from, and what is to be told about them. */
    record Outcome(List<String> replaced, String detail) {}

    /** Marks a bundle as failing: a phase-in that waits for it gives up. */
    void failed(long bundleId, String reason) {
        failures.put(bundleId, reason);
    }

    /** Brings the plugin up and the version it replaces down; the runtime is as before if this throws. */
    Outcome run(Admission.Admitted plugin) {
        return takeOver(plugin, probation);
    }

    /** As {@link #run} without a trial. */
    Outcome atOnce(Admission.Admitted plugin) {
        return takeOver(plugin, Duration.ZERO);
    }

    /** As {@link #run} for a plugin that served before: whoever finds it wanting now has it withdrawn later. */
    Outcome again(Admission.Admitted plugin) {
        bundles.own(plugin.name())
                .forEach(own -> await(start, () -> own.getState() == Bundle.ACTIVE)); // So that it can rest.
        return takeOver(plugin, Duration.ZERO);
    }

    private Outcome takeOver(Admission.Admitted plugin, Duration trial) {
        List<Bundle> older = bundles.plugins(plugin.name());
        Bundle fresh = bundles.start(plugin);
        try {
            awaitService(fresh);
            bundles.activate(fresh);
            serve(fresh, trial);
        } catch (StreamException e) {
            bundles.remove(fresh);
            throw e;
        } finally {
            failures.remove(fresh.getBundleId());
        }
        List<String> replaced = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (Bundle bundle : older) {
            goes(bundle, replaced);
            if (!bundles.remove(bundle)) {
                left.add(bundle.getVersion().toString());
            }
        }
        for (Bundle bundle : bundles.own(plugin.name())) {
            goes(bundle, replaced);
            bundles.rest(bundle);
        }
        return new Outcome(
                replaced,
                left.isEmpty()
                        ? ""
                        : "the code of " + String.join(", ", left)
                                + " did not end; what is left goes with the next start");
    }

    private static void goes(Bundle bundle, List<String> replaced) {
        LOG.atInfo()
                .addKeyValue(Keys.BUNDLE, bundle.getSymbolicName())
                .addKeyValue(Keys.VERSION, bundle.getVersion())
                .log("old version goes");
        replaced.add(bundle.getVersion().toString());
    }

    private void awaitService(Bundle fresh) {
        if (!await(start, () -> serves(fresh) || failures.containsKey(fresh.getBundleId()))) {
            throw new StreamException(
                    UpdateError.DID_NOT_START, fresh.getSymbolicName() + " registered no service within " + start);
        }
    }

    /** Gives the role bundle time to take the new service up and to find it wanting. */
    private void serve(Bundle fresh, Duration trial) {
        long id = fresh.getBundleId();
        await(trial, () -> failures.containsKey(id) || !serves(fresh));
        String reason = failures.get(id);
        if (reason == null && !serves(fresh)) {
            reason = "its service went away";
        }
        if (reason != null) {
            throw new StreamException(UpdateError.WITHDRAWN, fresh.getSymbolicName() + " failed: " + reason);
        }
    }

    private static boolean serves(Bundle bundle) {
        return !PluginBundles.services(bundle).isEmpty();
    }

    private boolean await(Duration limit, BooleanSupplier done) {
        long end = clock.nanos() + limit.toNanos();
        while (!done.getAsBoolean()) {
            if (clock.nanos() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            clock.sleep(STEP);
        }
        return true;
    }
}
