// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import com.sun.jna.Pointer;
import io.nvremote.core.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads the mark off a screen again and again: the same eye for every chain. Runs on a thread of its own. */
final class Watcher implements AutoCloseable {

    private static final Duration BLINK = Duration.ofNanos(250_000);

    private final Thread thread;
    private volatile boolean open = true;

    Watcher(String display, Flips flips) {
        thread = Thread.ofPlatform().name("bench-watcher").daemon().start(() -> watch(display, flips));
    }

    private void watch(String display, Flips flips) {
        Clock clock = Clock.system();
        try (X11 x11 = X11.open(display)) {
            while (open) {
                @Nullable
                Pointer image = x11.x()
                        .XGetImage(
                                x11.display(),
                                x11.root(),
                                0,
                                Mark.SIDE / 2,
                                Mark.ROW_PIXELS,
                                1,
                                X11.ALL_PLANES,
                                X11.Z_PIXMAP);
                if (image == null) {
                    return; // the screen is gone
                }
                long now = clock.nanos();
                flips.seen(Mark.read(X11.data(image)), now);
                x11.x().XDestroyImage(image);
                clock.sleep(BLINK);
            }
        }
    }

    @Override
    public void close() {
        open = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
