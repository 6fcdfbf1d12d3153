// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunMessage;
import io.nvremote.relay.StunTransaction;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Sessions for tests. */
final class Sessions {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Sessions() {}

    static TunnelPublicKey key() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        key[31] &= 0x7F;
        return TunnelPublicKey.of(key);
    }

    private static Secret ticket() {
        byte[] ticket = new byte[32];
        RANDOM.nextBytes(ticket);
        return new Secret(Base64.getEncoder().encodeToString(ticket));
    }

    static RelaySession session(TunnelPublicKey clientKey, @Nullable TunnelPublicKey hostKey) {
        return new RelaySession(SessionId.next(), clientKey, hostKey, ticket(), ticket(), Instant.MAX);
    }

    static byte[] ticket(RelaySession session, RelayRole role) {
        return StunMessage.bindingRequest(
                StunTransaction.next(),
                new RelayUser(session.id(), role).toString(),
                StunKey.ofTicket(role == RelayRole.CLIENT ? session.clientTicket() : session.hostTicket()));
    }
}
