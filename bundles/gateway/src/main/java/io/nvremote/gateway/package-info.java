// SPDX-License-Identifier: Apache-2.0
/** The gateway role: one UDP port in front of a relay, its figures, and whether it is alive. */
@NullMarked
package io.nvremote.gateway;

import org.jspecify.annotations.NullMarked;
