// SPDX-License-Identifier: Apache-2.0
/** Pictures of an X11 screen: XShm for the pixels, XDamage for when, XFixes for the pointer. */
@NullMarked
package io.nvremote.capture.x11;

import org.jspecify.annotations.NullMarked;
