// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence;

import java.net.InetSocketAddress;

/**
 * The right to speak for a holder, from a socket's authentication to its end. Immutable.
 *
 * @param epoch rises with each connection over all control planes; of a host the greatest counts
 * @param connection the socket's name, unique in its control plane
 * @param remote the other end
 */
public record Lease(long epoch, String connection, Holder holder, InetSocketAddress remote) {}
