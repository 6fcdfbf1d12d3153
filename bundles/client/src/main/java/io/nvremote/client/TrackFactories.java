// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.lib.services.PluginCalls;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.viewer.ViewerTrackFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The factories that one session may use: all that there are but those that failed in it. Safe for any thread. */
final class TrackFactories {

    private final RankedServices<ViewerTrackFactory> services;
    private final PluginCalls calls;
    private final Set<ServiceCandidate<ViewerTrackFactory>> refused = ConcurrentHashMap.newKeySet();

    TrackFactories(RankedServices<ViewerTrackFactory> services, PluginCalls calls) {
        this.services = services;
        this.calls = calls;
    }

    /** In the order of opening. */
    List<String> names() {
        return services.kinds().stream()
                .filter(name -> best(name).isPresent())
                .sorted(Comparator.comparingInt(
                        name -> best(name).map(this::order).orElse(0)))
                .toList();
    }

    /** The best of that name that did not fail here. */
    Optional<ServiceCandidate<ViewerTrackFactory>> best(String name) {
        return services.choices(name).stream()
                .filter(candidate -> !refused.contains(candidate))
                .findFirst();
    }

    /** False if it was refused before. */
    boolean refuse(ServiceCandidate<ViewerTrackFactory> failed) {
        return refused.add(failed);
    }

    /** Whether another one is to be used in place of this one, which is in use. */
    boolean outdone(String name, ServiceCandidate<ViewerTrackFactory> inUse) {
        ServiceCandidate<ViewerTrackFactory> from = services.now(inUse).orElse(null);
        if (from == null || refused.contains(from)) {
            return true;
        }
        boolean replaceable = replaceable(from);
        return refused.contains(from)
                || (replaceable
                        && best(name)
                                .filter(best -> best.ranking() > from.ranking())
                                .isPresent());
    }

    boolean essential(ServiceCandidate<ViewerTrackFactory> of) {
        return ask(of, ViewerTrackFactory::essential, false);
    }

    boolean replaceable(ServiceCandidate<ViewerTrackFactory> of) {
        return ask(of, ViewerTrackFactory::replaceable, true);
    }

    private int order(ServiceCandidate<ViewerTrackFactory> of) {
        return ask(of, ViewerTrackFactory::order, 0);
    }

    /** What a factory says of itself; one that can't is not used. */
    private <T> T ask(ServiceCandidate<ViewerTrackFactory> of, Function<ViewerTrackFactory, T> what, T otherwise) {
        try {
            return calls.make(() -> what.apply(of.service()));
        } catch (PluginFault e) {
            refuse(of);
            return otherwise;
        }
    }
}
