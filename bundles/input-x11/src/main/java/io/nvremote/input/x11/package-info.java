// SPDX-License-Identifier: Apache-2.0
/** Keyboard and pointer of an X11 screen, by the XTEST extension. */
@NullMarked
package io.nvremote.input.x11;

import org.jspecify.annotations.NullMarked;
