// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.util.concurrent.atomic.AtomicInteger;

/** Runs a drain so that no two threads are in it, and none waits: who comes second leaves the work to the first. */
final class Delivery {

    private final AtomicInteger wanted = new AtomicInteger();

    /** Runs {@code drain} here, or has the thread that is in it run it once more. */
    void run(Runnable drain) {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            try {
                drain.run();
            } finally {
                seen = wanted.addAndGet(-seen);
            }
        }
    }
}
