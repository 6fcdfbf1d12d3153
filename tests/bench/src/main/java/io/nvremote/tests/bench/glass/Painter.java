// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.nvremote.core.Clock;
import java.time.Duration;
import java.util.Random;

/**
 * What the source screen shows: a desktop of coloured tiles at rest, a moving picture in a quarter of it, and the mark,
 * which changes with every picture.
 */
final class Painter implements AutoCloseable {

    private static final int TILE = 16;
    /**
     * Pictures until the painter steps by 1/{@link #STEPS} of an interval. A chain that looks at the screen at times of its own
     * would else wait as long for every picture of a round, by the luck of when it was started.
     */
    private static final int PICTURES_A_STEP = 10;

    private static final int STEPS = 8;

    private final X11 x11;
    private final NativeLong window;
    private final NativeLong film;
    private final Pointer gc;
    private final int width;
    private final int height;

    Painter(String display, int width, int height) {
        x11 = X11.open(display);
        this.width = width;
        this.height = height;
        window = x11.window(width, height);
        gc = x11.x().XCreateGC(x11.display(), window, new NativeLong(0), Pointer.NULL);
        film = x11.x().XCreatePixmap(x11.display(), window, width / 2, height, x11.depth());
        Random random = new Random(1);
        tiles(window, width, random);
        tiles(film, width / 2, random);
        x11.x().XSync(x11.display(), 0);
    }

    private void tiles(NativeLong drawable, int across, Random random) {
        for (int y = 0; y < height; y += TILE) {
            for (int x = 0; x < across; x += TILE) {
                x11.x().XSetForeground(x11.display(), gc, new NativeLong(random.nextInt(0x1000000)));
                x11.x().XFillRectangle(x11.display(), drawable, gc, x, y, TILE, TILE);
            }
        }
    }

    /** Paints the pictures from one number to before another at that rate, in all phases of it. */
    void paint(Flips flips, int from, int to, int perSecond) {
        long interval = 1_000_000_000L / perSecond;
        Clock clock = Clock.system();
        long due = clock.nanos();
        for (int i = from; i < to && !Thread.currentThread().isInterrupted(); i++) {
            long wait = due - clock.nanos();
            if (wait > 0) {
                clock.sleep(Duration.ofNanos(wait));
            }
            due += interval + (i % PICTURES_A_STEP == 0 ? interval / STEPS : 0);
            int half = height / 2;
            x11.x().XCopyArea(x11.display(), film, window, gc, 0, i * 4 % half, width / 2, half, width / 4, height / 4);
            for (int bit = 0; bit < Mark.BITS; bit++) {
                boolean white = Mark.white(i % Mark.VALUES, bit);
                x11.x().XSetForeground(x11.display(), gc, new NativeLong(white ? 0xFFFFFF : 0));
                x11.x().XFillRectangle(x11.display(), window, gc, bit * Mark.SIDE, 0, Mark.SIDE, Mark.SIDE);
            }
            flips.drawn(i, clock.nanos());
            x11.x().XFlush(x11.display());
        }
    }

    @Override
    public void close() {
        x11.close();
    }
}
