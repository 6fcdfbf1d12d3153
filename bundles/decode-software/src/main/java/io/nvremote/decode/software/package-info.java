// SPDX-License-Identifier: Apache-2.0
/** H.264 decoding by FFmpeg's own decoder, on the CPU of the client. */
@NullMarked
package io.nvremote.decode.software;

import org.jspecify.annotations.NullMarked;
