// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.tunnel.TunnelRole;

/** What an engine is made of. {@code mtuBytes} is the longest inner packet while the path is not known to carry more. */
record EngineSetup(Identity identity, TunnelRole role, Tai64n clock, int mtuBytes) {}
