// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.media.Size;

/**
 * What a GPU's encoder does for one codec.
 *
 * @param retargets whether it takes another rate while it runs
 * @param buffers whether it takes the size of the rate control's buffer (VBV)
 * @param manyReferences whether it keeps more than one picture to refer to
 * @param invalidates whether it leaves out references that the client has lost
 */
record Capabilities(
        Size least, Size most, boolean retargets, boolean buffers, boolean manyReferences, boolean invalidates) {

    boolean takes(Size size) {
        return size.width() >= least.width()
                && size.height() >= least.height()
                && size.width() <= most.width()
                && size.height() <= most.height();
    }

    /** The sizes in words. */
    String sizes() {
        return least + " to " + most;
    }
}
