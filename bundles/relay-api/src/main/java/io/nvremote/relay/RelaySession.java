// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One session that a relay may forward. Immutable; printing it shows no ticket.
 *
 * @param id the session
 * @param clientPublicKey the client's WireGuard key
 * @param hostPublicKey the host's WireGuard key, or null while the host has not answered; until it is known,
 *     both sides bind by ticket alone
 * @param clientTicket base64 key of the client's binding requests, 16 to 64 bytes
 * @param hostTicket base64 key of the host's binding requests, 16 to 64 bytes
 * @param expires when the relay forgets the session by itself
 */
public record RelaySession(
        SessionId id,
        TunnelPublicKey clientPublicKey,
        @Nullable TunnelPublicKey hostPublicKey,
        Secret clientTicket,
        Secret hostTicket,
        Instant expires) {

    public RelaySession {
        StunKey.ofTicket(clientTicket);
        StunKey.ofTicket(hostTicket);
        if (clientTicket.equals(hostTicket)) {
            throw new StreamException(RelayError.BAD_SESSION, "the two tickets of a session must differ");
        }
    }
}
