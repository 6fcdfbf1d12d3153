// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Shares of the pool. Each organisation may hold a part of the connections at once, and of those that already waited in vain
 * for somebody's lock one at a time: however many wait for one row, the others of the organisation, and all other
 * organisations, find connections. Safe for any thread; who waits is served in the order of coming.
 */
final class Lanes {

    private final ConcurrentHashMap<String, Lane> lanes = new ConcurrentHashMap<>();
    private final int share;
    private final Duration patience;

    /** @param share most connections of one organisation at once */
    Lanes(int share, Duration patience) {
        this.share = share;
        this.patience = patience;
    }

    /**
     * Waits for a place.
     *
     * @param patient whether the work has waited in vain for a lock before
     * @throws StreamException {@link StoreError#CONFLICT} when none came free in time
     */
    Place enter(String org, boolean patient) {
        Lane lane = lanes.compute(org, (key, known) -> {
            Lane one = known == null ? new Lane(share) : known;
            one.users++;
            return one;
        });
        Semaphore gate = patient ? lane.patient : lane.normal;
        try {
            if (gate.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return () -> {
                    gate.release();
                    leave(org);
                };
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leave(org);
        throw new StreamException(
                StoreError.CONFLICT, "too much of this organisation's work waits for the same rows: try again");
    }

    private void leave(String org) {
        lanes.compute(org, (key, lane) -> {
            if (lane == null || --lane.users == 0) {
                return null;
            }
            return lane;
        });
    }

    /** How many organisations have work or wait; for tests. */
    int busy() {
        return lanes.size();
    }

    /** A connection's worth of work; given back by closing it, once. */
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** Guarded by its entry in the map: {@code users}. */
    private static final class Lane {
        private final Semaphore normal;
        private final Semaphore patient = new Semaphore(1, true);
        private int users;

        Lane(int share) {
            normal = new Semaphore(share, true);
        }
    }
}
