// SPDX-License-Identifier: Apache-2.0
/** Who really asks, when a trusted proxy stands before the control plane. */
@NullMarked
package io.nvremote.forwarded;

import org.jspecify.annotations.NullMarked;
