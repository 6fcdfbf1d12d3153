// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import io.nvremote.input.InputEvent;
import java.time.Duration;
import java.util.BitSet;

/**
 * What of a page's input goes to the host, and when what it holds down goes up by itself. Input is for the screen that a
 * person sees: while the host can't hear us nothing is kept for later. A page that holds something down says so all the
 * time; one that falls silent (a crash, a stall) holds nothing any more. Time is handed in. Not safe for threads.
 */
final class InputGate {

    /** So long a page that holds something may be silent, and so long a host that is asked may not answer. */
    static final Duration SILENCE = Duration.ofMillis(300);

    private final BitSet keys = new BitSet();
    private final BitSet buttons = new BitSet();
    private long heardNanos;

    /** The page says that it lives and holds something down. */
    void held(long now) {
        heardNanos = now;
    }

    /**
     * Whether this goes to the host.
     *
     * @param streaming whether the page shows the host as there
     * @param late how much longer than its round trip the host has not answered
     */
    boolean passes(InputEvent event, boolean streaming, Duration late, long now) {
        heardNanos = now;
        boolean repeat =
                switch (event) {
                    case InputEvent.Key key -> {
                        boolean before = keys.get(key.hidUsage());
                        keys.set(key.hidUsage(), key.down() && streaming);
                        yield before && key.down();
                    }
                    case InputEvent.Button button -> {
                        buttons.set(button.number(), button.down() && streaming);
                        yield false;
                    }
                    case InputEvent.ReleaseAll all -> {
                        clear();
                        yield false;
                    }
                    default -> false;
                };
        // Going up is always right; a repeat is for a host that answers.
        return ends(event) || (streaming && !(repeat && late.compareTo(SILENCE) > 0));
    }

    private static boolean ends(InputEvent event) {
        return switch (event) {
            case InputEvent.Key key -> !key.down();
            case InputEvent.Button button -> !button.down();
            case InputEvent.ReleaseAll all -> true;
            default -> false;
        };
    }

    /** Whether the page has fallen silent with something down; then nothing counts as held any more. */
    boolean fellSilent(long now) {
        boolean silent = (!keys.isEmpty() || !buttons.isEmpty()) && now - heardNanos > SILENCE.toNanos();
        if (silent) {
            clear();
        }
        return silent;
    }

    private void clear() {
        keys.clear();
        buttons.clear();
    }
}
