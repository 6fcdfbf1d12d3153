// SPDX-License-Identifier: Apache-2.0
/** Decoding by FFmpeg's LGPL build, on the CPU of the client. */
@NullMarked
package io.nvremote.decode.software;

import org.jspecify.annotations.NullMarked;
