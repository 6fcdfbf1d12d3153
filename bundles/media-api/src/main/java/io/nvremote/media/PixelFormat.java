// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

/** How the pixels of a surface lie in memory. An open set: the name is the identity. */
public record PixelFormat(String name, int planes) {

    /** Four bytes a pixel: blue, green, red, unused. What X11 and NvFBC deliver. */
    public static final PixelFormat BGRA = new PixelFormat("BGRA", 1);
    /** Full-resolution luma, then half-resolution interleaved chroma. */
    public static final PixelFormat NV12 = new PixelFormat("NV12", 2);
    /** Three planes: luma, then both chroma planes at half resolution. */
    public static final PixelFormat I420 = new PixelFormat("I420", 3);
}
