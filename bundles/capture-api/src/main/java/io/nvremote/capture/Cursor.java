// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture;

import java.nio.IntBuffer;

/**
 * The pointer, sent beside the picture so that it moves without waiting for one.
 *
 * @param serial changes when the shape does
 * @param x place of the hot spot in the picture, pixels from the left
 * @param y pixels from the top
 * @param argb premultiplied pixels of the shape, row by row, {@code width * height} of them; read-only
 */
public record Cursor(long serial, int x, int y, int hotX, int hotY, int width, int height, IntBuffer argb) {}
