// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.tunnel.TunnelRole;

/** What an engine is made of. {@code mtuBytes} is the longest inner packet. */
record EngineSetup(Identity identity, TunnelRole role, Tai64n clock, int mtuBytes) {}
