// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.core.TunnelPublicKey;
import io.nvremote.lib.wireguard.Mac1;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.StunKey;
import org.jspecify.annotations.Nullable;

/** A session with what its keys give, computed on the control path. Immutable. */
record SessionKeys(
        RelaySession session, Mac1 client, @Nullable Mac1 host, StunKey clientTicket, StunKey hostTicket) {

    static SessionKeys of(RelaySession session) {
        TunnelPublicKey host = session.hostPublicKey();
        return new SessionKeys(
                session,
                Mac1.of(session.clientPublicKey().bytes()),
                host == null ? null : Mac1.of(host.bytes()),
                StunKey.ofTicket(session.clientTicket()),
                StunKey.ofTicket(session.hostTicket()));
    }
}
