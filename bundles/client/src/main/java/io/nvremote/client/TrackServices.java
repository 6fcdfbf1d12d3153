// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.viewer.ViewerTrackFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The factories of tracks that are here now, best first. Safe for any thread. */
final class TrackServices {

    /** One factory as the framework offers it. */
    record Candidate(ViewerTrackFactory factory, String name, int ranking, long serviceId) {}

    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparingInt(Candidate::ranking).reversed().thenComparingLong(Candidate::serviceId);

    private final List<Candidate> all = new CopyOnWriteArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** One without a name is nobody's choice. */
    void add(ViewerTrackFactory factory, Map<String, ?> properties) {
        if (properties.get(ViewerTrackFactory.NAME) instanceof String name) {
            long id = properties.get("service.id") instanceof Long number ? number : 0;
            int ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
            all.add(new Candidate(factory, name, ranking, id));
            all.sort(BEST_FIRST);
            listeners.forEach(Runnable::run);
        }
    }

    void remove(ViewerTrackFactory factory) {
        all.removeIf(candidate -> candidate.factory() == factory);
        listeners.forEach(Runnable::run);
    }

    List<String> names() {
        return all.stream().map(Candidate::name).distinct().toList();
    }

    /** The best of that name which is not among the refused. */
    Optional<Candidate> best(String name, Set<Candidate> refused) {
        return all.stream()
                .filter(candidate -> candidate.name().equals(name) && !refused.contains(candidate))
                .findFirst();
    }

    boolean holds(Candidate candidate) {
        return all.contains(candidate);
    }

    /** Called after each change, on the thread that made it; must return soon. Run what is returned to end it. */
    Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
