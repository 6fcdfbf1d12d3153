// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.track.TrackReport;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The services of one kind that are there now, best first: by ranking, then the newest version of one bundle, then the one that
 * came first. A service that failed is set aside until it is offered anew. Safe for any thread.
 */
final class RankedServices<S> {

    private static final Comparator<ServiceCandidate<?>> BEST_FIRST = Comparator.<ServiceCandidate<?>>comparingInt(
                    ServiceCandidate::ranking)
            .reversed()
            .thenComparingLong(ServiceCandidate::serviceId);

    private final List<ServiceCandidate<S>> all = new CopyOnWriteArrayList<>();
    private final Map<Long, String> setAside = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    void add(ServiceCandidate<S> offered) {
        all.add(offered);
        listeners.forEach(Runnable::run);
    }

    /** Removes it; those who use it are told by {@link #onChange} and must let go of it. */
    void remove(long serviceId) {
        all.removeIf(offered -> offered.serviceId() == serviceId);
        setAside.remove(serviceId);
        listeners.forEach(Runnable::run);
    }

    boolean holds(ServiceCandidate<S> offered) {
        return all.contains(offered);
    }

    /** Not to be chosen any more while there is anything else. */
    void setAside(ServiceCandidate<?> offered, String reason) {
        if (all.stream().noneMatch(one -> one.serviceId() == offered.serviceId())) {
            return; // Of another kind, or gone.
        }
        setAside.put(offered.serviceId(), reason);
        listeners.forEach(Runnable::run);
    }

    /** What may be chosen, best first. */
    List<ServiceCandidate<S>> choices(String kind) {
        return ranked(kind).filter(o -> !setAside.containsKey(o.serviceId())).toList();
    }

    Optional<ServiceCandidate<S>> best(String kind) {
        return choices(kind).stream().findFirst();
    }

    /** Everything of that kind, those set aside last: for when there is nothing better left. */
    Stream<ServiceCandidate<S>> lastResorts(String kind) {
        return ranked(kind).filter(o -> setAside.containsKey(o.serviceId()));
    }

    /** All kinds that are offered, in the order of their names. */
    List<String> kinds() {
        return all.stream()
                .flatMap(offered -> offered.kinds().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Tells of each, under this name. */
    void report(String list, TrackReport to) {
        for (ServiceCandidate<S> offered : all) {
            String failed = setAside.get(offered.serviceId());
            Map<String, String> fields = new TreeMap<>();
            fields.put("name", offered.name());
            fields.put("version", offered.version());
            fields.put("ranking", String.valueOf(offered.ranking()));
            if (failed != null) {
                fields.put("set_aside", failed);
            }
            to.entry(list, fields);
        }
    }

    /** Called after each change, on the thread that made it; must return soon. */
    Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private Stream<ServiceCandidate<S>> ranked(String kind) {
        return all.stream()
                .filter(o -> o.kinds().contains(kind))
                .filter(o -> all.stream().noneMatch(other -> supersedes(other, o)))
                .sorted(BEST_FIRST);
    }

    private boolean supersedes(ServiceCandidate<S> newer, ServiceCandidate<S> older) {
        return newer.ranking() == older.ranking()
                && newer.name().equals(older.name())
                && !setAside.containsKey(newer.serviceId())
                && compareVersions(newer.version(), older.version()) > 0;
    }

    /** Numbers as numbers, the rest as text. */
    static int compareVersions(String a, String b) {
        return Arrays.compare(a.split("\\.", -1), b.split("\\.", -1), RankedServices::compareParts);
    }

    private static int compareParts(String a, String b) {
        boolean numbers = a.matches("\\d{1,9}") && b.matches("\\d{1,9}");
        return numbers ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : a.compareTo(b);
    }
}
