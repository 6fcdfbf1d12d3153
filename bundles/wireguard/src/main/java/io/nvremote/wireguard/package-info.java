// SPDX-License-Identifier: Apache-2.0
/** The WireGuard protocol as a session tunnel: see README.md for the rooms and who calls whom. */
@NullMarked
package io.nvremote.wireguard;

import org.jspecify.annotations.NullMarked;
