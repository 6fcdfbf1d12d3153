// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.nvremote.media.HostSurface;
import java.lang.foreign.MemorySegment;

/** BGRA to NV12 by BT.709 in limited range, in 16 bits of fraction: what the GPU's kernel has to make, bit by bit. */
final class Bt709 {

    private Bt709() {}

    /** Of a pixel in BGRA, as a little-endian word. */
    static int luma(int pixel) {
        return (11966 * (pixel >> 16 & 0xFF)
                        + 40254 * (pixel >> 8 & 0xFF)
                        + 4064 * (pixel & 0xFF)
                        + (16 << 16)
                        + (1 << 15))
                >> 16;
    }

    /** Rows of luma, then of chroma, each sample of which is the mean of four pixels. A last odd column or row is left out. */
    static byte[] nv12(HostSurface bgra) {
        HostSurface.Plane plane = bgra.planes().getFirst();
        MemorySegment pixels = plane.memory();
        int width = bgra.size().width() & ~1;
        int height = bgra.size().height() & ~1;
        byte[] out = new byte[width * height * 3 / 2];
        for (int y = 0; y < height; y += 2) {
            for (int x = 0; x < width; x += 2) {
                int red = 0;
                int green = 0;
                int blue = 0;
                for (int i = 0; i < 4; i++) {
                    long at = (long) (y + i / 2) * plane.strideBytes() + 4L * (x + i % 2);
                    int pixel = pixels.get(JAVA_INT_UNALIGNED, at);
                    out[(y + i / 2) * width + x + i % 2] = (byte) luma(pixel);
                    red += pixel >> 16 & 0xFF;
                    green += pixel >> 8 & 0xFF;
                    blue += pixel & 0xFF;
                }
                int at = (height + y / 2) * width + x;
                out[at] = (byte) ((-6596 * red - 22188 * green + 28784 * blue + (128 << 18) + (1 << 17)) >> 18);
                out[at + 1] = (byte) ((28784 * red - 26145 * green - 2639 * blue + (128 << 18) + (1 << 17)) >> 18);
            }
        }
        return out;
    }
}
