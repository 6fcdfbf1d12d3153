// SPDX-License-Identifier: Apache-2.0
package com.acme.input;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * In the place of the calls by which your system is told of keys and buttons: it keeps the last of them for whoever listens. Safe for any
 * thread.
 */
final class AcmeScreen {

    private static final int KEPT = 256;

    /**
     * A key or a button that went down or up.
     *
     * @param code HID usage of a key, number of a button
     */
    record Change(boolean key, int code, boolean down) {}

    private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>(KEPT);

    void key(int usage, boolean down) {
        keep(new Change(true, usage, down));
    }

    void button(int number, boolean down) {
        keep(new Change(false, number, down));
    }

    private void keep(Change change) {
        while (!changes.offer(change)) {
            changes.poll();
        }
    }

    /** The oldest that nobody heard of yet; null if there is none in that time. */
    Change next(Duration patience) throws InterruptedException {
        return changes.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    void forget() {
        changes.clear();
    }
}
