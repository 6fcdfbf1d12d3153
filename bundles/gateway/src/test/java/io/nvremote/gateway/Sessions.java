// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunMessage;
import io.nvremote.relay.StunTransaction;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;

/** Sessions for tests. */
final class Sessions {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Sessions() {}

    static String key() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    static RelaySession session(String clientKey, String hostKey) {
        return new RelaySession(
                SessionId.next(), clientKey, hostKey, new Secret(key()), new Secret(key()), Instant.MAX);
    }

    static byte[] ticket(RelaySession session, RelayRole role) {
        return StunMessage.bindingRequest(
                StunTransaction.next(),
                new RelayUser(session.id(), role).toString(),
                StunKey.ofTicket(role == RelayRole.CLIENT ? session.clientTicket() : session.hostTicket()));
    }
}
