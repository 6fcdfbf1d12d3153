// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import io.nvremote.core.Secret;
import java.net.InetSocketAddress;

/**
 * How to be known to the relay.
 *
 * @param endpoint the relay's UDP address
 * @param ticket base64 key of this side's STUN binding request (RFC 8489, short-term credential; its user name is
 *     {@code <session id>:client} or {@code <session id>:host}); see {@code io.nvremote.relay}
 */
public record RelayBinding(InetSocketAddress endpoint, Secret ticket) {}
