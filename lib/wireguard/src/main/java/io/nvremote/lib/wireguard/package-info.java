// SPDX-License-Identifier: Apache-2.0
/** What both ends and the relay of WireGuard compute: BLAKE2s and mac1. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.wireguard;

import org.jspecify.annotations.NullMarked;
