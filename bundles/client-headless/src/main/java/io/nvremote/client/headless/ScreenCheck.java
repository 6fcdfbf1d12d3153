// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Watches a real screen react to typed keys: brightness by blocks of 8 by 8 pixels, before a key and after. Blocks that
 * change by themselves before the first key (a clock, a blinking cursor) are not counted.
 */
final class ScreenCheck implements PictureCheck {

    private static final int BLOCK = 8;
    /** Brightness levels; coding noise of an 8 by 8 mean stays well below. */
    private static final int CHANGED = 14;

    private int @Nullable [] last;
    private int @Nullable [] before;
    private boolean[] restless = new boolean[0];
    private long pictures;
    private boolean flat = true;
    private int typed;
    private int reactions;

    @Override
    public synchronized void picture(Frame frame) {
        pictures++;
        int[] now = blocks(frame.host());
        flat &= isFlat(now);
        if (restless.length != now.length) {
            restless = new boolean[now.length];
            last = null;
            before = null;
        }
        int[] reference = before;
        if (typed == 0 && last != null) {
            for (int i = 0; i < now.length; i++) {
                restless[i] |= Math.abs(now[i] - last[i]) >= CHANGED;
            }
        } else if (reference != null && differs(reference, now)) {
            reactions++;
            before = null;
        }
        last = now;
    }

    @Override
    public synchronized void typed() {
        typed++;
        before = last;
    }

    @Override
    public synchronized void report(ObjectNode out, ArrayNode problems) {
        out.put("verified", pictures);
        out.put("keys_typed", typed);
        out.put("keys_seen", reactions);
        if (pictures == 0 || flat) {
            problems.add(pictures == 0 ? "no picture of the screen came" : "the screen shows one colour only");
        }
        if (typed > 0 && reactions == 0) {
            problems.add(typed + " keys were typed and the screen did not react to one");
        }
    }

    private boolean differs(int[] reference, int[] now) {
        for (int i = 0; i < now.length; i++) {
            if (!restless[i] && Math.abs(now[i] - reference[i]) >= CHANGED) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFlat(int[] blocks) {
        for (int block : blocks) {
            if (Math.abs(block - blocks[0]) >= CHANGED) {
                return false;
            }
        }
        return true;
    }

    /** Mean brightness of each block, every second pixel both ways. */
    private static int[] blocks(HostSurface surface) {
        Size size = surface.size();
        HostSurface.Plane plane = surface.planes().getFirst();
        boolean packed = surface.format().equals(PixelFormat.BGRA);
        int columns = size.width() / BLOCK;
        int[] means = new int[columns * (size.height() / BLOCK)];
        for (int i = 0; i < means.length; i++) {
            int left = i % columns * BLOCK;
            int top = i / columns * BLOCK;
            int sum = 0;
            for (int y = top; y < top + BLOCK; y += 2) {
                long row = (long) y * plane.strideBytes();
                for (int x = left; x < left + BLOCK; x += 2) {
                    sum += Byte.toUnsignedInt(
                            plane.memory().get(ValueLayout.JAVA_BYTE, row + (packed ? 4L * x + 1 : x)));
                }
            }
            means[i] = sum / (BLOCK * BLOCK / 4);
        }
        return means;
    }
}
