// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.lib.wireguard.Mac1;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.StunKey;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A session with what its keys give, computed on the control path. Immutable. */
record SessionKeys(
        RelaySession session, Mac1 client, @Nullable Mac1 host, StunKey clientTicket, StunKey hostTicket) {

    static SessionKeys of(RelaySession session) {
        return new SessionKeys(
                session,
                mac1(session.clientPublicKey()),
                session.hostPublicKey().isEmpty() ? null : mac1(session.hostPublicKey()),
                StunKey.ofTicket(session.clientTicket()),
                StunKey.ofTicket(session.hostTicket()));
    }

    /** For a checked public key of 44 characters. */
    private static Mac1 mac1(String publicKey) {
        return Mac1.of(Base64.getDecoder().decode(publicKey));
    }
}
