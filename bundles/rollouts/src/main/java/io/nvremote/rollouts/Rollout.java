// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * One version of one bundle on its way to an organisation's hosts. A wave begins when the one before it has done well; the first failure stops
 * it. Immutable: what happens gives another.
 *
 * @param bundle symbolic name
 * @param sha256 of the signed jar
 * @param atRestart whether hosts take it at their next start only
 * @param wave whose turn it is, from 0
 * @param reason why it stopped; empty while it runs
 */
record Rollout(
        String id,
        OrgId org,
        String bundle,
        String version,
        String sha256,
        boolean atRestart,
        Instant startedAt,
        State state,
        String reason,
        int wave,
        List<Place> places) {

    /** How it is with the whole. */
    enum State {
        RUNNING,
        /** Every host has the new version. */
        DONE,
        /** A host failed, or the operator said so; who has the new version keeps it. */
        STOPPED
    }

    Rollout {
        places = List.copyOf(places);
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    Optional<Place> place(HostId host) {
        return places.stream().filter(place -> place.host().equals(host)).findFirst();
    }

    Rollout with(HostId host, UnaryOperator<Place> change) {
        return of(
                state,
                reason,
                wave,
                places.stream()
                        .map(place -> place.host().equals(host) ? change.apply(place) : place)
                        .toList());
    }

    Rollout stopped(String why) {
        return isRunning() ? of(State.STOPPED, why, wave, places) : this;
    }

    private Rollout of(State next, String why, int turn, List<Place> now) {
        return new Rollout(id, org, bundle, version, sha256, atRestart, startedAt, next, why, turn, now);
    }

    /** Those whose turn it is and who are there are told from now on. */
    Rollout offered(Instant now, Predicate<HostId> online) {
        if (!isRunning()) {
            return this;
        }
        return of(
                state,
                reason,
                wave,
                places.stream()
                        .map(place -> isDue(place) && online.test(place.host())
                                ? place.now(Place.Step.OFFERED, "", now)
                                : place)
                        .toList());
    }

    private boolean isDue(Place place) {
        return place.wave() <= wave && place.step() == Place.Step.TO_COME;
    }

    /**
     * What follows from the time that passed: who said nothing for too long has failed; a failure stops the whole; a wave that has done well
     * is followed by the next. Of a wave whose hosts are partly away those that are there must do well, at least one of them; the others are
     * told when they come. For each host that the version is nothing for another one of a later wave is told, so that waves stay as large as they
     * were meant.
     *
     * @param soak how long a host has to stay with the new version
     * @param patience how long it may be silent, or away
     */
    Rollout advanced(Instant now, Predicate<HostId> online, Duration soak, Duration patience) {
        if (!isRunning()) {
            return this;
        }
        Rollout next = this;
        for (Place place : places) {
            boolean late = place.at().plus(patience).isBefore(now);
            if (place.step() == Place.Step.OFFERED && late) {
                next = next.with(place.host(), p -> p.now(Place.Step.FAILED, "it said nothing for " + patience, now));
            } else if (place.step() == Place.Step.DONE && place.wave() == wave && late && !online.test(place.host())) {
                next = next.with(
                        place.host(), p -> p.now(Place.Step.FAILED, "it is away since it took the new version", now));
            }
        }
        Optional<Place> failed = next.places.stream()
                .filter(place -> place.step() == Place.Step.FAILED)
                .findFirst();
        if (failed.isPresent()) {
            return next.stopped(failed.get().name() + ": " + failed.get().detail());
        }
        next = next.withSubstitutes();
        if (next.places.stream().allMatch(place -> place.step() == Place.Step.SKIPPED)) {
            return next.stopped("no host is concerned; " + places.getFirst().name() + ": "
                    + places.getFirst().detail());
        }
        if (!next.waveDidWell(now, online, soak)) {
            return next;
        }
        boolean last = next.places.stream().noneMatch(place -> place.wave() > wave);
        if (!last) {
            return next.of(State.RUNNING, "", wave + 1, next.places);
        }
        boolean all = next.places.stream()
                .allMatch(place -> place.step() == Place.Step.DONE || place.step() == Place.Step.SKIPPED);
        return all ? next.of(State.DONE, "", wave, next.places) : next;
    }

    /** In the place of each skipped host of this turn the next one of a later wave. */
    private Rollout withSubstitutes() {
        List<Place> now = new ArrayList<>(places);
        for (int i = 0; i < now.size(); i++) {
            Place place = now.get(i);
            if (place.step() == Place.Step.SKIPPED && place.wave() == wave) {
                int next = IntStream.range(0, now.size())
                        .filter(each ->
                                now.get(each).wave() > wave && now.get(each).step() == Place.Step.TO_COME)
                        .findFirst()
                        .orElse(-1);
                if (next >= 0) {
                    now.set(i, place.inWave(now.get(next).wave()));
                    now.set(next, now.get(next).inWave(wave));
                }
            }
        }
        return of(state, reason, wave, now);
    }

    private boolean waveDidWell(Instant now, Predicate<HostId> online, Duration soak) {
        List<Place> turn = places.stream().filter(place -> place.wave() == wave).toList();
        boolean skipped = turn.stream().allMatch(place -> place.step() == Place.Step.SKIPPED);
        boolean none = !skipped && turn.stream().noneMatch(place -> place.step() == Place.Step.DONE);
        return !none
                && turn.stream().allMatch(place -> switch (place.step()) {
                    case TO_COME -> !online.test(place.host());
                    case OFFERED, WAITING, FAILED -> false;
                    case SKIPPED -> true;
                    case DONE ->
                        online.test(place.host()) && !place.at().plus(soak).isAfter(now);
                });
    }
}
