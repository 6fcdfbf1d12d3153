// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.relay.StunKey;
import io.nvremote.tunnel.PathPolicy;
import java.net.InetSocketAddress;

/**
 * What path selection is made of.
 *
 * @param relayUser user name of the ticketed binding
 * @param ticket its key
 * @param probe names and keys of the probes between the peers
 */
record PathSetup(InetSocketAddress relay, PathPolicy policy, String relayUser, StunKey ticket, ProbeKeys probe) {}
