// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import java.time.Instant;
import java.util.Base64;

/**
 * One session that a relay may forward. Immutable; printing it shows no ticket.
 *
 * @param id the session
 * @param clientPublicKey the client's WireGuard key: base64 of 32 bytes, 44 characters
 * @param hostPublicKey the host's WireGuard key, or the empty text while the host has not answered; until it is known,
 *     both sides bind by ticket alone
 * @param clientTicket base64 key of the client's binding requests, 16 to 64 bytes
 * @param hostTicket base64 key of the host's binding requests, 16 to 64 bytes
 * @param expires when the relay forgets the session by itself
 */
public record RelaySession(
        SessionId id,
        String clientPublicKey,
        String hostPublicKey,
        Secret clientTicket,
        Secret hostTicket,
        Instant expires) {

    private static final int KEY_LENGTH = 32;

    public RelaySession {
        key("client public key", clientPublicKey);
        if (!hostPublicKey.isEmpty()) {
            key("host public key", hostPublicKey);
        }
        StunKey.ofTicket(clientTicket);
        StunKey.ofTicket(hostTicket);
        if (clientTicket.equals(hostTicket)) {
            throw new StreamException(RelayError.BAD_SESSION, "the two tickets of a session must differ");
        }
    }

    private static void key(String what, String text) {
        try {
            if (text.length() == 44 && Base64.getDecoder().decode(text).length == KEY_LENGTH) {
                return;
            }
        } catch (IllegalArgumentException e) {
            throw new StreamException(RelayError.BAD_SESSION, what + " must be base64 of 32 bytes", e);
        }
        throw new StreamException(
                RelayError.BAD_SESSION, what + " must be base64 of 32 bytes: " + text.length() + " characters");
    }
}
