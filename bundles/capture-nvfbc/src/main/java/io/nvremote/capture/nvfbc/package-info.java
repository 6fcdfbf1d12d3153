// SPDX-License-Identifier: Apache-2.0
/** Screens of an NVIDIA GPU: NvFBC for the pixels, XFixes for the pointer. */
@NullMarked
package io.nvremote.capture.nvfbc;

import org.jspecify.annotations.NullMarked;
