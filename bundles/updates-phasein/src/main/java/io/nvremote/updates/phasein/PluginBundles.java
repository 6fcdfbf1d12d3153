// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.admission.Admission;
import io.nvremote.lib.admission.PluginManifest;
import io.nvremote.lib.services.Bounded;
import io.nvremote.lib.services.MissingPackage;
import io.nvremote.updates.UpdateError;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plugins as bundles of the framework. Whatever runs their code runs on a thread of its own and is waited for only so long; a bundle
 * whose code does not end is left as it is, and no longer counts as installed. Safe for any thread.
 */
final class PluginBundles {

    private static final Logger LOG = LoggerFactory.getLogger(PluginBundles.class);

    private final BundleContext context;
    private final Duration startLimit;
    private final Duration stopLimit;
    /** Ids of bundles whose code never came back. */
    private final Set<Long> stuck = ConcurrentHashMap.newKeySet();

    /** The limits are how long a plugin's code may take to start, and to stop. */
    PluginBundles(BundleContext context, Duration startLimit, Duration stopLimit) {
        this.context = context;
        this.startLimit = startLimit;
        this.stopLimit = stopLimit;
    }

    /** The plugins of that name, whatever its case, without those that are stuck. */
    List<Bundle> plugins(String name) {
        return named(name, b -> PluginId.of(b).isPresent() && !stuck.contains(b.getBundleId()));
    }

    /** The plugins of exactly that name, also those that are stuck. */
    List<Bundle> all(String name) {
        return Stream.of(context.getBundles())
                .filter(b -> PluginId.of(b).filter(id -> id.name().equals(name)).isPresent())
                .toList();
    }

    /** The runtime's own bundles of that name, whatever its case. */
    List<Bundle> own(String name) {
        return named(name, b -> PluginId.of(b).isEmpty());
    }

    List<Bundle> plugins() {
        return Stream.of(context.getBundles())
                .filter(b -> PluginId.of(b).isPresent() && !stuck.contains(b.getBundleId()))
                .toList();
    }

    private List<Bundle> named(String name, Predicate<Bundle> which) {
        return Stream.of(context.getBundles())
                .filter(b -> name.equalsIgnoreCase(b.getSymbolicName()))
                .filter(which)
                .toList();
    }

    /** Installs and starts it. The framework is as before if this throws. */
    Bundle start(Admission.Admitted plugin) {
        PluginId id = new PluginId(plugin.name(), plugin.version());
        Bundle bundle;
        try {
            bundle = context.installBundle(
                    id.location(plugin.sha256()), plugin.content().open());
        } catch (BundleException e) {
            throw new StreamException(UpdateError.NOT_A_PLUGIN, id + " can't be installed: " + e.getMessage(), e);
        }
        try {
            sameToTheFramework(plugin, bundle);
            // With our own level it can be started whenever this code runs: also while the framework is on its way up.
            bundle.adapt(BundleStartLevel.class)
                    .setStartLevel(
                            context.getBundle().adapt(BundleStartLevel.class).getStartLevel());
            Bounded.call("start of " + id, startLimit, () -> {
                bundle.start(Bundle.START_TRANSIENT);
                return bundle;
            });
            return bundle;
        } catch (Bounded.Overdue e) {
            remove(bundle);
            throw new Hung(UpdateError.DID_NOT_START, e);
        } catch (ExecutionException e) {
            remove(bundle);
            throw didNotStart(id, e);
        } catch (RuntimeException e) { // Whatever it is: nothing is left of the bundle.
            remove(bundle);
            throw e;
        }
    }

    /** What was checked is what the framework read of the same bytes. */
    private static void sameToTheFramework(Admission.Admitted plugin, Bundle bundle) {
        PluginManifest seen =
                PluginManifest.read(header -> bundle.getHeaders("").get(header));
        if (!seen.equals(plugin.manifest())
                || !plugin.name().equals(bundle.getSymbolicName())
                || !plugin.version().equals(bundle.getVersion())) {
            throw new StreamException(
                    UpdateError.TAMPERED, "the manifest of " + plugin.name() + " can be read in two ways");
        }
    }

    private StreamException didNotStart(PluginId id, ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        String reason = String.valueOf(cause.getMessage());
        if (cause instanceof BundleException b && b.getType() == BundleException.RESOLVE_ERROR) {
            return new StreamException(
                    UpdateError.NOT_COMPATIBLE, id + " " + MissingPackage.explain(reason, context), cause);
        }
        return new StreamException(UpdateError.DID_NOT_START, id + ": " + reason, cause);
    }

    /** Brings its services up as those who use them would; they are held until the bundle stops. */
    void activate(Bundle bundle) {
        for (ServiceReference<?> reference : services(bundle)) {
            String what = "activation of " + bundle.getSymbolicName() + " " + bundle.getVersion();
            try {
                Object service =
                        Bounded.call(what, startLimit, () -> Optional.ofNullable(context.getService(reference)));
                if (service.equals(Optional.empty())) {
                    throw new StreamException(
                            UpdateError.DID_NOT_START,
                            what + " failed: its component gave no service; the log says why (plugin log "
                                    + bundle.getSymbolicName() + ")");
                }
            } catch (Bounded.Overdue e) {
                throw new Hung(UpdateError.DID_NOT_START, e);
            } catch (ExecutionException e) {
                throw new StreamException(UpdateError.DID_NOT_START, what + " failed: " + e.getCause(), e);
            }
        }
    }

    static List<ServiceReference<?>> services(Bundle bundle) {
        try {
            ServiceReference<?>[] references = bundle.getRegisteredServices();
            return references == null ? List.of() : List.of(references);
        } catch (IllegalStateException e) {
            return List.of(); // Uninstalled meanwhile.
        }
    }

    /** Stops and uninstalls a plugin's bundle, wherever in its life it is; false if its code did not let that happen in time. */
    boolean remove(Bundle bundle) {
        return away(bundle, true);
    }

    /** Stops one of the runtime's own bundles and lets its class loader go; it can be started again. */
    boolean rest(Bundle bundle) {
        return away(bundle, false);
    }

    private boolean away(Bundle bundle, boolean forGood) {
        try {
            Bounded.call("stop of " + bundle.getSymbolicName(), stopLimit, () -> {
                bundle.stop(Bundle.STOP_TRANSIENT);
                if (forGood) {
                    bundle.uninstall();
                }
                return bundle;
            });
        } catch (Bounded.Overdue e) {
            stuck.add(bundle.getBundleId());
            LOG.atError()
                    .addKeyValue(Keys.BUNDLE, bundle)
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("plugin does not end; what is left of it goes with the next start");
            return false;
        } catch (ExecutionException e) {
            LOG.atWarn().setCause(e.getCause()).addKeyValue(Keys.BUNDLE, bundle).log("bundle did not go cleanly");
        }
        // Lets the class loader go; nothing else is wired to a bundle that exports nothing.
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle));
        return true;
    }

    /** Starts the runtime's own bundles of that name again. */
    void revive(String name) {
        for (Bundle bundle : own(name)) {
            if (bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING) {
                continue;
            }
            try {
                Bounded.call("start of " + name, startLimit, () -> {
                    bundle.start(Bundle.START_TRANSIENT);
                    return bundle;
                });
                LOG.atInfo()
                        .addKeyValue(Keys.BUNDLE, name)
                        .addKeyValue(Keys.VERSION, bundle.getVersion())
                        .log("the runtime's own bundle serves again");
            } catch (Bounded.Overdue | ExecutionException e) {
                LOG.atError()
                        .setCause(e)
                        .addKeyValue(Keys.BUNDLE, name)
                        .log("the runtime's own bundle did not start again");
            }
        }
    }

    /** Whether code of that version runs on though it should have ended. */
    boolean isStuck(PluginId plugin) {
        return Stream.of(context.getBundles())
                .filter(b -> stuck.contains(b.getBundleId()))
                .anyMatch(b -> PluginId.of(b).filter(plugin::equals).isPresent());
    }

    /** The same of any version of that name. */
    boolean isStuck(String name) {
        return named(name, b -> stuck.contains(b.getBundleId())).stream()
                .anyMatch(b -> PluginId.of(b).isPresent());
    }

    /** A plugin's code did not return: a fault of its own, unlike what the machine may lack. */
    static final class Hung extends StreamException {
        private static final long serialVersionUID = 1L;

        Hung(UpdateError code, Bounded.Overdue why) {
            super(code, String.valueOf(why.getMessage()), why);
        }
    }
}
