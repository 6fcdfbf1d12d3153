// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.nvremote.media.Lease;

/** Memory for one picture of a screen. {@link #shoot} and {@link #free} under the screen's lock; holds from any thread. */
interface ScreenImage extends Lease {

    /** The first hold; false while somebody has one. */
    boolean take();

    /** Copies the screen into this image; false if the server refused. */
    boolean shoot(X11Library library, Pointer display, NativeLong root);

    /** Ends its use by the server; the memory goes with the last hold. */
    void free(X11Library library, Pointer display);
}
