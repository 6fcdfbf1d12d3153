// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.capture;

import com.sun.jna.Pointer;
import io.nvremote.capture.Cursor;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;

/** What the pointer looks like, as the server tells it. Immutable. */
public record CursorShape(long serial, int hotX, int hotY, int width, int height, IntBuffer argb, boolean visible) {

    private static final String[] DRAWN = {
        "X",
        "XX",
        "X.X",
        "X..X",
        "X...X",
        "X....X",
        "X.....X",
        "X......X",
        "X.......X",
        "X........X",
        "X.....XXXXX",
        "X..X..X",
        "X.X X..X",
        "XX  X..X",
        "X    X..X",
        "     X..X",
        "      XX"
    };

    /** For a root window whose cursor nobody has set: servers draw nothing there, and a person needs something to aim with. */
    public static final CursorShape ARROW = arrow();

    private static CursorShape arrow() {
        int width = 12;
        int[] argb = new int[width * DRAWN.length];
        for (int y = 0; y < DRAWN.length; y++) {
            for (int x = 0; x < DRAWN[y].length(); x++) {
                char pixel = DRAWN[y].charAt(x);
                argb[y * width + x] = pixel == 'X' ? 0xFF000000 : pixel == '.' ? 0xFFFFFFFF : 0;
            }
        }
        return new CursorShape(
                0, 0, 0, width, DRAWN.length, IntBuffer.wrap(argb).asReadOnlyBuffer(), true);
    }

    /**
     * Reads {@code XFixesCursorImage}: place, size and hot spot as 16-bit numbers, then serial and pixels, a long each. It is still
     * the caller's to free.
     */
    public static CursorShape of(@Nullable Pointer image) {
        if (image == null) {
            return ARROW;
        }
        int width = Short.toUnsignedInt(image.getShort(4));
        int height = Short.toUnsignedInt(image.getShort(6));
        long[] pixels = image.getPointer(24).getLongArray(0, width * height);
        int[] argb = new int[pixels.length];
        boolean visible = false;
        for (int i = 0; i < argb.length; i++) {
            argb[i] = (int) pixels[i];
            visible |= argb[i] >>> 24 != 0;
        }
        return new CursorShape(
                image.getLong(16),
                Short.toUnsignedInt(image.getShort(8)),
                Short.toUnsignedInt(image.getShort(10)),
                width,
                height,
                IntBuffer.wrap(argb).asReadOnlyBuffer(),
                visible);
    }

    /** This one, or the arrow where nobody can have meant to hide it: over the root window. Programs hide it over their own. */
    public CursorShape shown(boolean overRoot) {
        return overRoot && !visible ? ARROW : this;
    }

    public Cursor at(int x, int y) {
        return new Cursor(serial, x, y, hotX, hotY, width, height, argb);
    }
}
