// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.input.InputEvent;
import java.time.Duration;
import java.util.BitSet;

/**
 * What a client holds down, and since when nothing was heard of it. A client that holds something says so all the time;
 * one that does not has gone, and what it held has to go up. Time is handed in. Only {@link #heard} is
 * safe for any thread.
 */
final class HeldInput {

    /** So long a client that holds something may be silent. */
    static final Duration SILENCE = Duration.ofMillis(300);

    private final BitSet keys = new BitSet();
    private final BitSet buttons = new BitSet();
    private volatile long heardNanos;

    void take(InputEvent event) {
        switch (event) {
            case InputEvent.Key key -> keys.set(key.hidUsage() & 0xFFFF, key.down());
            case InputEvent.Button button -> buttons.set(button.number() & 0xFFFF, button.down());
            case InputEvent.ReleaseAll all -> clear();
            default -> {}
        }
    }

    /** The client gave a sign of life. */
    void heard(long now) {
        heardNanos = now;
    }

    boolean any() {
        return !keys.isEmpty() || !buttons.isEmpty();
    }

    /** Nanoseconds until everything has to go up; 0 or less: now. Only while something is held. */
    long remaining(long now) {
        return heardNanos + SILENCE.toNanos() - now;
    }

    void clear() {
        keys.clear();
        buttons.clear();
    }
}
