// SPDX-License-Identifier: Apache-2.0
/** Certificate files for the ports of one machine, made by the control plane's own authority. */
@NullMarked
package io.nvremote.keys.authority;

import org.jspecify.annotations.NullMarked;
