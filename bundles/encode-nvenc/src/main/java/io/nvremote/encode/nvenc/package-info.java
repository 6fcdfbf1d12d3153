// SPDX-License-Identifier: Apache-2.0
/** H.264, HEVC and AV1 by NVENC, the encoder of an NVIDIA GPU. */
@NullMarked
package io.nvremote.encode.nvenc;

import org.jspecify.annotations.NullMarked;
