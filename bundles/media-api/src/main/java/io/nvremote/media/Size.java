// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;

/** Width and height in pixels; each 16 to 16384. */
public record Size(int width, int height) {

    public Size {
        if (!valid(width, height)) {
            throw new StreamException(
                    CoreError.INVALID_VALUE, "a picture is 16 to 16384 pixels wide and high: " + width + "x" + height);
        }
    }

    /** Whether a picture can be of that size. */
    public static boolean valid(int width, int height) {
        return width >= 16 && height >= 16 && width <= 16384 && height <= 16384;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
