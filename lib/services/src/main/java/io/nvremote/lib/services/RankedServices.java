// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The services of one kind that are there now, best first: by ranking, then the newest version of one bundle, then the one that
 * came first. A service that failed is set aside until it is offered by another registration. Safe for any thread.
 */
public final class RankedServices<S> {

    private static final Comparator<ServiceCandidate<?>> BEST_FIRST = Comparator.<ServiceCandidate<?>>comparingInt(
                    ServiceCandidate::ranking)
            .reversed()
            .thenComparingLong(ServiceCandidate::serviceId);

    /** In the order in which they came. */
    private final List<ServiceCandidate<S>> all = new CopyOnWriteArrayList<>();

    private final Map<Long, String> setAside = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** It came, or its properties are others: what is offered last counts. */
    public void add(ServiceCandidate<S> offered) {
        synchronized (all) {
            int at = all.indexOf(offered);
            if (at < 0) {
                all.add(offered);
            } else {
                all.set(at, offered);
            }
        }
        listeners.forEach(Runnable::run);
    }

    /** Removes it; those who use it are told by {@link #onChange} and must let go of it. */
    public void remove(long serviceId) {
        synchronized (all) {
            all.removeIf(offered -> offered.serviceId() == serviceId);
        }
        setAside.remove(serviceId);
        listeners.forEach(Runnable::run);
    }

    public boolean holds(ServiceCandidate<S> offered) {
        return all.contains(offered);
    }

    /** As it is offered now; empty: it is gone. */
    public Optional<ServiceCandidate<S>> now(ServiceCandidate<S> offered) {
        return all.stream().filter(offered::equals).findFirst();
    }

    /** Not to be chosen any more while there is anything else. */
    public void setAside(ServiceCandidate<?> offered, String reason) {
        if (all.stream().noneMatch(offered::equals)) {
            return; // Of another kind, or gone.
        }
        setAside.put(offered.serviceId(), reason);
        listeners.forEach(Runnable::run);
    }

    /** Whatever it can do, those set aside too; best first. */
    public List<ServiceCandidate<S>> all() {
        return all.stream().sorted(BEST_FIRST).toList();
    }

    /** What may be chosen, best first. */
    public List<ServiceCandidate<S>> choices(String kind) {
        return ranked(kind).filter(o -> !setAside.containsKey(o.serviceId())).toList();
    }

    public Optional<ServiceCandidate<S>> best(String kind) {
        return choices(kind).stream().findFirst();
    }

    /** Everything of that kind that was set aside: for when there is nothing better left. */
    public Stream<ServiceCandidate<S>> lastResorts(String kind) {
        return ranked(kind).filter(o -> setAside.containsKey(o.serviceId()));
    }

    /** All kinds that are offered, in the order of their names. */
    public List<String> kinds() {
        return all.stream()
                .flatMap(offered -> offered.kinds().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Tells of each, in the order in which they came, and why it was set aside; null: it was not. */
    public void forEach(BiConsumer<ServiceCandidate<S>, @Nullable String> to) {
        all.forEach(offered -> to.accept(offered, setAside.get(offered.serviceId())));
    }

    /** Called after each change, on the thread that made it; must return soon. Run what is returned to end it. */
    public Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private Stream<ServiceCandidate<S>> ranked(String kind) {
        List<ServiceCandidate<S>> able =
                all.stream().filter(o -> o.kinds().contains(kind)).toList();
        return able.stream()
                .filter(o -> able.stream().noneMatch(other -> supersedes(other, o)))
                .sorted(BEST_FIRST);
    }

    private boolean supersedes(ServiceCandidate<S> newer, ServiceCandidate<S> older) {
        return newer.ranking() == older.ranking()
                && newer.name().equals(older.name())
                && !setAside.containsKey(newer.serviceId())
                && compareVersions(newer.version(), older.version()) > 0;
    }

    /** Numbers as numbers, the rest as text. */
    private static int compareVersions(String a, String b) {
        return Arrays.compare(a.split("\\.", -1), b.split("\\.", -1), RankedServices::compareParts);
    }

    private static int compareParts(String a, String b) {
        boolean numbers = a.matches("\\d{1,9}") && b.matches("\\d{1,9}");
        return numbers ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : a.compareTo(b);
    }
}
