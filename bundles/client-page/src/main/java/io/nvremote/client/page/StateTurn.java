// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import java.time.Duration;

/**
 * When pages are told the state anew: at the next look after something that a person did or waits for, and for news of hosts, which
 * are as many as there are hosts, together every {@link #HOSTS_EVERY}. Sans-IO; safe for any thread.
 */
final class StateTurn {

    static final Duration HOSTS_EVERY = Duration.ofMillis(500);

    private boolean now;
    private boolean hosts;
    private long toldNanos;
    private boolean told;

    /** Something changed that is to be seen at once. */
    synchronized void now() {
        now = true;
    }

    /** A host changed. */
    synchronized void hosts() {
        hosts = true;
    }

    /** Whether the state is to be told; then it counts as told. */
    synchronized boolean taken(long nowNanos) {
        boolean due = now || (hosts && (!told || nowNanos - toldNanos >= HOSTS_EVERY.toNanos()));
        if (due) {
            now = false;
            hosts = false;
            told = true;
            toldNanos = nowNanos;
        }
        return due;
    }
}
