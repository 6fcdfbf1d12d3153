// SPDX-License-Identifier: Apache-2.0
package com.acme.input;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import java.util.Set;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Input of one client: knows what it holds down, so that nothing stays down when it goes. */
final class AcmeSession implements InputSession {

    private static final Logger LOG = LoggerFactory.getLogger(AcmeSession.class);
    private static final long NANOS_IN_A_MICROSECOND = 1000;
    private static final int FIRST_USAGE = 0x04;
    private static final int FIRST_MODIFIER = 0xE0;
    private static final int LAST_MODIFIER = 0xE7;
    private static final Set<Integer> BUTTONS = Set.of(1, 2, 3, 8, 9);

    private final Clock clock = Clock.system();
    private final AcmeScreen screen;
    private final Set<Integer> keys = new TreeSet<>();
    private final Set<Integer> buttons = new TreeSet<>();
    /** How long the calls into the screen took, in microseconds: a library of others, which the bundle brings along. */
    private final Histogram took = new Histogram(2);

    private boolean closed;

    AcmeSession(AcmeScreen screen) {
        this.screen = screen;
    }

    @Override
    public synchronized void inject(InputEvent event) {
        if (closed) {
            throw new StreamException(InputError.INPUT_UNAVAILABLE, "the input session is closed");
        }
        long begin = clock.nanos();
        put(event);
        took.recordValue((clock.nanos() - begin) / NANOS_IN_A_MICROSECOND);
    }

    private void put(InputEvent event) {
        switch (event) {
            case InputEvent.Key key -> key(key.hidUsage(), key.down());
            case InputEvent.Button button -> button(button.number(), button.down());
            case InputEvent.ReleaseAll all -> releaseAll();
            // This screen has no pointer, no wheel, no lamps for lock keys, and takes no text.
            case InputEvent.PointerTo to -> {}
            case InputEvent.PointerBy by -> {}
            case InputEvent.Wheel wheel -> {}
            case InputEvent.Lock lock -> {}
            case InputEvent.Text text -> {}
        }
    }

    private void key(int usage, boolean down) {
        if (usage < FIRST_USAGE || usage > LAST_MODIFIER) {
            return;
        }
        if (!down) {
            if (keys.remove(usage)) {
                screen.key(usage, false);
            }
        } else if (keys.add(usage) || usage < FIRST_MODIFIER) { // the client says each repeat; a modifier has none
            screen.key(usage, true);
        }
    }

    private void button(int number, boolean down) {
        if (BUTTONS.contains(number) && (down ? buttons.add(number) : buttons.remove(number))) {
            screen.button(number, down);
        }
    }

    private void releaseAll() {
        keys.forEach(usage -> screen.key(usage, false));
        keys.clear();
        buttons.forEach(number -> screen.button(number, false));
        buttons.clear();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            releaseAll();
            LOG.atInfo()
                    .addKeyValue("events", took.getTotalCount())
                    .addKeyValue("p99_us", took.getValueAtPercentile(99))
                    .addKeyValue("longest_us", took.getMaxValue())
                    .log("input ended");
        }
    }
}
