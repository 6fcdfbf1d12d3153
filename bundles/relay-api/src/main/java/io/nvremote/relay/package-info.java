// SPDX-License-Identifier: Apache-2.0
/**
 * What a gateway does with datagrams, and how a control plane drives it.
 *
 * <p>A {@link io.nvremote.relay.Relay} forwards the WireGuard datagrams of the {@link io.nvremote.relay.RelaySession
 * sessions} in its {@link io.nvremote.relay.RelayTable table}. It holds no private key and can read nothing. Each side
 * makes its address known with a <em>ticket</em>: a STUN binding request (RFC 8489) from the socket of its tunnel whose
 * user name is {@link io.nvremote.relay.RelayUser} and whose MESSAGE-INTEGRITY is keyed by the ticket; the answer
 * carries the address the gateway saw. {@link io.nvremote.relay.StunMessage} is the codec for both ends. The control
 * plane sees each gateway as a {@link io.nvremote.relay.GatewayLink}.
 *
 * <p>A side that binds itself:
 *
 * <pre>{@code
 * StunKey key = StunKey.ofTicket(ticket);
 * StunTransaction transaction = StunTransaction.next();
 * byte[] request = StunMessage.bindingRequest(transaction, new RelayUser(sessionId, RelayRole.CLIENT).toString(), key);
 * // send it; for what arrives:
 * if (StunMessage.looksLikeStun(datagram)) {
 *     StunMessage.parse(datagram)
 *             .filter(answer -> answer.kind() == StunMessage.Kind.SUCCESS)
 *             .filter(answer -> answer.transaction().equals(transaction) && answer.verify(key))
 *             .flatMap(StunMessage::mappedAddress)
 *             .ifPresent(reflexive -> ...);
 * }
 * }</pre>
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.relay;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
