// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.media.Size;

/**
 * What a GPU's encoder does for one codec.
 *
 * @param invalidates whether it leaves out references that the client has lost
 */
record Capabilities(int leastWidth, int leastHeight, int mostWidth, int mostHeight, boolean invalidates) {

    boolean takes(Size size) {
        return size.width() >= leastWidth
                && size.height() >= leastHeight
                && size.width() <= mostWidth
                && size.height() <= mostHeight;
    }

    /** The sizes in words. */
    String sizes() {
        return leastWidth + "x" + leastHeight + " to " + mostWidth + "x" + mostHeight;
    }
}
