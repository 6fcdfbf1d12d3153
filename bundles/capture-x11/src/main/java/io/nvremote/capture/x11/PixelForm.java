// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import com.sun.jna.Pointer;
import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How a server's pixels say their colour.
 *
 * @param bits of a pixel: 16 or 32
 * @param bigEndian whether its most significant byte comes first
 */
record PixelForm(int depth, int bits, boolean bigEndian, long red, long green, long blue) {

    /** Of an {@code XImage}. */
    static PixelForm of(Pointer image) {
        return new PixelForm(
                image.getInt(40),
                image.getInt(48),
                image.getInt(24) != 0,
                image.getLong(56),
                image.getLong(64),
                image.getLong(72));
    }

    boolean isBgra() {
        return bits == 32 && !bigEndian && red == 0xFF0000L && green == 0xFF00L && blue == 0xFFL;
    }

    void check() {
        if ((bits != 16 && bits != 32) || red == 0 || green == 0 || blue == 0) {
            throw new StreamException(
                    CaptureError.SOURCE_UNAVAILABLE,
                    "the screen's pixels must say their colour in 16 or 32 bits, as they do in depths of 15 and more; its depth is "
                            + depth);
        }
    }

    /** One row of pixels as BGRA, opaque. */
    void read(MemorySegment from, long offset, int[] to) {
        if (isBgra()) {
            MemorySegment.copy(from, ValueLayout.JAVA_INT_UNALIGNED, offset, to, 0, to.length);
            return;
        }
        ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ValueLayout.OfInt four = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        ValueLayout.OfShort two = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        for (int x = 0; x < to.length; x++) {
            long pixel = bits == 32
                    ? Integer.toUnsignedLong(from.get(four, offset + 4L * x))
                    : Short.toUnsignedLong(from.get(two, offset + 2L * x));
            to[x] = 0xFF000000 | (part(pixel, red) << 16) | (part(pixel, green) << 8) | part(pixel, blue);
        }
    }

    /** A colour of any number of bits as one of eight. */
    static int part(long pixel, long mask) {
        int shift = Long.numberOfTrailingZeros(mask);
        long most = mask >>> shift;
        return (int) (((pixel & mask) >>> shift) * 255 / most);
    }
}
