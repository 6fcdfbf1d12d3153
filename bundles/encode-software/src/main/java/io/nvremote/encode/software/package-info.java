// SPDX-License-Identifier: Apache-2.0
/** H.264 by openh264 and AV1 by libaom, on the CPU of the host. */
@NullMarked
package io.nvremote.encode.software;

import org.jspecify.annotations.NullMarked;
