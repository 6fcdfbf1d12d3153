// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.UpdateError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.FrameworkWiring;
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
    private static final Duration START = Duration.ofSeconds(10);

    private final BundleContext context;
    private final PhaseInSettings settings;
    private final Clock clock;
    /** Bundle ids whose service failed, with the reason. */
    private final Map<Long, String> failures = new ConcurrentHashMap<>();

    PhaseIn(BundleContext context, PhaseInSettings settings, Clock clock) {
        this.context = context;
        this.settings = settings;
        this.clock = clock;
    }

    /** Marks a bundle as failing: a phase-in that waits for it gives up. */
    void failed(long bundleId, String reason) {
        failures.put(bundleId, reason);
    }

    /** Brings the plugin up and the version it replaces down; the runtime is as before if this throws. */
    PluginReport run(Admission.Admitted plugin) {
        List<Bundle> old = sameName(plugin.name());
        refuseKnownVersion(plugin, old);
        Bundle fresh = start(plugin);
        try {
            awaitService(fresh);
            probation(fresh);
        } catch (StreamException e) {
            remove(fresh);
            throw e;
        }
        List<String> replaced = new ArrayList<>();
        for (Bundle bundle : old) {
            LOG.atInfo()
                    .addKeyValue(Keys.BUNDLE, bundle.getSymbolicName())
                    .addKeyValue(Keys.VERSION, bundle.getVersion())
                    .log("old version goes");
            replaced.add(bundle.getVersion().toString());
            remove(bundle);
        }
        return new PluginReport(
                plugin.name(),
                plugin.version(),
                PluginReport.State.ACTIVE,
                plugin.publisher(),
                String.join(",", replaced),
                "",
                clock.instant());
    }

    /** Stops and uninstalls a plugin's bundle, wherever in its life it is. */
    void remove(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.BUNDLE, bundle).log("bundle did not go cleanly");
        }
        // Lets the class loader of the uninstalled bundle go; nothing else is wired to a bundle that exports nothing.
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle));
    }

    private List<Bundle> sameName(String name) {
        List<Bundle> found = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                found.add(bundle);
            }
        }
        return found;
    }

    private static void refuseKnownVersion(Admission.Admitted plugin, List<Bundle> old) {
        for (Bundle bundle : old) {
            if (bundle.getVersion().equals(Version.parseVersion(plugin.version()))) {
                throw new StreamException(
                        UpdateError.ALREADY_INSTALLED, plugin.name() + " " + plugin.version() + " is installed");
            }
        }
    }

    private Bundle start(Admission.Admitted plugin) {
        String location = "plugin:" + plugin.name() + ":" + plugin.version() + ":" + plugin.sha256();
        Bundle bundle;
        try {
            bundle = context.installBundle(location, plugin.content().open());
        } catch (BundleException e) {
            throw new StreamException(UpdateError.NOT_A_PLUGIN, plugin.name() + " can't be installed", e);
        }
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return bundle;
        } catch (BundleException e) {
            remove(bundle);
            String reason = String.valueOf(e.getMessage());
            String who = plugin.name() + " " + plugin.version();
            if (e.getType() == BundleException.RESOLVE_ERROR) {
                throw new StreamException(
                        UpdateError.NOT_COMPATIBLE, who + " " + MissingPackage.explain(reason, context), e);
            }
            throw new StreamException(UpdateError.DID_NOT_START, who + ": " + reason, e);
        }
    }

    private void awaitService(Bundle fresh) {
        if (!await(START, () -> !services(fresh).isEmpty() || failures.containsKey(fresh.getBundleId()))) {
            throw new StreamException(
                    UpdateError.DID_NOT_START, fresh.getSymbolicName() + " registered no service within " + START);
        }
    }

    /** Gives the role bundle time to take the new service up and to find it wanting. */
    private void probation(Bundle fresh) {
        long id = fresh.getBundleId();
        await(settings.probation(), () -> failures.containsKey(id));
        String reason = failures.get(id);
        if (reason != null) {
            throw new StreamException(UpdateError.WITHDRAWN, fresh.getSymbolicName() + " failed: " + reason);
        }
    }

    private static Collection<ServiceReference<?>> services(Bundle bundle) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        return references == null ? List.of() : List.of(references);
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
