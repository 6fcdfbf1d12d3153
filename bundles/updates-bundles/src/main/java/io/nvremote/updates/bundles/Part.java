// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import io.nvremote.core.StreamException;
import io.nvremote.updates.UpdateError;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * A bundle of the runtime's own, and what may be done to it. Plugins are none: they are installed from locations of their own. Safe for
 * any thread; what it says holds until somebody changes the framework.
 */
record Part(Bundle bundle) {

    /** Locations of what came by an update begin with it. */
    static final String UPDATE = "update:";

    /**
     * The header by which a bundle says how it can be replaced: {@link #BESIDE} or {@link #RETIRES}; anything else is the reason why it
     * can't be while the runtime runs.
     */
    private static final String REPLACE = "Nvremote-Replace";

    /** Two versions can serve at once, and what somebody holds of the old one goes on until its owner is done with it. */
    private static final String BESIDE = "beside";

    /** As {@link #BESIDE}; what began in the old version goes on in it, so that it runs until that is over. */
    private static final String RETIRES = "retires";

    /** Locations of what the updates of plugins installed. */
    private static final String PLUGIN = "plugin:";

    /** Of what a stream is made of two versions can be at work side by side (docs/decisions/0004): the stream moves between them. */
    private static final Set<String> MEDIA =
            Set.of("io.nvremote.capture", "io.nvremote.encode", "io.nvremote.decode", "io.nvremote.input");

    /** The runtime's bundles, those of an update and those that such a one stands in for. */
    static Stream<Part> all(BundleContext context) {
        return Stream.of(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName() != null && bundle.getState() != Bundle.UNINSTALLED)
                .filter(bundle -> !bundle.getLocation().startsWith(PLUGIN))
                .map(Part::new);
    }

    /**
     * The one of that name that runs.
     *
     * @param retired those that only end what they began
     * @throws StreamException {@link UpdateError#NOT_INSTALLED}
     */
    static Part running(String name, BundleContext context, Set<Part> retired) {
        List<Part> named = all(context)
                .filter(part -> part.name().equals(name) && !retired.contains(part))
                .toList();
        return named.stream()
                .filter(part -> part.bundle.getState() == Bundle.ACTIVE)
                .findFirst()
                .or(() -> named.stream().findFirst())
                .orElseThrow(() ->
                        new StreamException(UpdateError.NOT_INSTALLED, "this runtime has no bundle called " + name));
    }

    /** The one of that name that the runtime was shipped with, if it is still in the framework. */
    static Optional<Part> shipped(String name, BundleContext context) {
        return all(context)
                .filter(part -> part.name().equals(name) && !part.updated())
                .findFirst();
    }

    String name() {
        return bundle.getSymbolicName();
    }

    String version() {
        return bundle.getVersion().toString();
    }

    boolean updated() {
        return bundle.getLocation().startsWith(UPDATE);
    }

    /** Whether two versions can serve at once, so that the new one comes before the old one goes. */
    boolean besides() {
        return servesOut() || retires() || isMedia();
    }

    /** Whether what others hold of it goes on when it was replaced; nothing of it may be let go before that is over. */
    boolean servesOut() {
        return BESIDE.equals(bundle.getHeaders("").get(REPLACE));
    }

    /** Whether what it has begun ends in it, while the new one begins what is to come. */
    boolean retires() {
        return RETIRES.equals(bundle.getHeaders("").get(REPLACE));
    }

    /** Whether streams are made of it, which move between two versions. */
    boolean isMedia() {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null
                && MEDIA.stream().anyMatch(space -> !revision.getDeclaredCapabilities(space)
                        .isEmpty());
    }

    /** Whether others can be wired to its packages. */
    boolean exports() {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null
                && !revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)
                        .isEmpty();
    }

    /**
     * Why it can't be replaced alone at all; empty if it can.
     *
     * @param own the bundle that replaces others
     */
    String never(Bundle own) {
        if (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            return "it is the framework";
        }
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            return "it is a fragment of another bundle";
        }
        return isEarly(own) ? "it is at work before updates can be looked at" : "";
    }

    /** Started before the bundle that replaces others, or that is wired to it, or one of those is. */
    private boolean isEarly(Bundle own) {
        int from = own.adapt(BundleStartLevel.class).getStartLevel();
        Set<Bundle> met = new HashSet<>();
        Deque<Bundle> open = new ArrayDeque<>(Set.of(bundle));
        while (!open.isEmpty()) {
            Bundle next = open.remove();
            BundleWiring wiring = next.adapt(BundleWiring.class);
            if (new Part(next).level() <= from) {
                return true;
            }
            if (wiring != null && met.add(next)) {
                wiring.getProvidedWires(null)
                        .forEach(wire -> open.add(wire.getRequirer().getBundle()));
            }
        }
        return false;
    }

    /** Why it can't be replaced while the runtime runs; empty if it can. */
    String fixed(Bundle own) {
        String never = never(own);
        if (!never.isEmpty()) {
            return never;
        }
        String told = bundle.getHeaders("").get(REPLACE);
        if (told != null && !Set.of(BESIDE, RETIRES).contains(told)) {
            return told;
        }
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null) {
            return "";
        }
        SortedSet<String> users = new TreeSet<>();
        for (BundleWire wire : wiring.getProvidedWires(null)) {
            Bundle user = wire.getRequirer().getBundle();
            if (!user.equals(bundle)) {
                users.add(String.valueOf(user.getSymbolicName()));
            }
        }
        return users.isEmpty() ? "" : "its code is part of what these have loaded: " + String.join(", ", users);
    }

    int level() {
        return bundle.adapt(BundleStartLevel.class).getStartLevel();
    }
}
