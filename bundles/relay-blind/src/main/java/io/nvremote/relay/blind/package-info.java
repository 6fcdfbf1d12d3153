// SPDX-License-Identifier: Apache-2.0
/** The keyless relay: forwards WireGuard by what is readable in it, and answers STUN, on one UDP port. */
@NullMarked
package io.nvremote.relay.blind;

import org.jspecify.annotations.NullMarked;
