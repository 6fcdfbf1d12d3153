// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * How many sockets may stand whose peers have not shown who they are: each costs a socket and its memory. Those that were let in
 * and have not opened yet count too, for as long as opening may take. Sans-IO; safe for any thread.
 */
final class Strangers {

    static final Duration OPENING = Duration.ofSeconds(5);

    private final int most;
    private final int mostOfOne;
    private final Map<String, ArrayDeque<Long>> opening = new HashMap<>();
    private int openings;

    Strangers(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /**
     * Lets one more in, if there is room.
     *
     * @param from the customer it comes from
     * @param standing strangers that are open now
     * @param standingOfOne those of this customer
     */
    synchronized boolean admit(String from, int standing, int standingOfOne, long nowNanos) {
        opening.values().removeIf(since -> {
            while (!since.isEmpty() && nowNanos - since.peek() > OPENING.toNanos()) {
                since.remove();
                openings--;
            }
            return since.isEmpty();
        });
        ArrayDeque<Long> own = opening.get(from);
        int ofOne = standingOfOne + (own == null ? 0 : own.size());
        if (standing + openings >= most || ofOne >= mostOfOne) {
            return false;
        }
        opening.computeIfAbsent(from, key -> new ArrayDeque<>()).add(nowNanos);
        openings++;
        return true;
    }

    /** How many were let in and are not open yet. */
    synchronized int opening() {
        return openings;
    }

    /** One that was let in is open now, and counted by who counts the open ones; or it never will be. */
    synchronized void opened(String from) {
        ArrayDeque<Long> own = opening.get(from);
        if (own != null && own.poll() != null) {
            openings--;
        }
    }
}
