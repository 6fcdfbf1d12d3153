// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.core.SessionId;
import io.nvremote.lib.wireguard.Blake2s;
import io.nvremote.relay.StunKey;
import io.nvremote.tunnel.TunnelRole;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How the two peers prove to each other that a probe is theirs. Probes are STUN binding requests with the user name
 * {@code <session id>:probe}. The key of the requests that one role sends, and of the answers to them, is
 *
 * <pre>BLAKE2s-256(key = X25519(my static, your static), "nvremote direct probe v1" || session id text || role)</pre>
 *
 * with role {@code initiator} or {@code responder} of who sends the request. Only the two peers know it, and since each
 * direction has its own, a request thrown back at its sender is not taken for the other's. The label keeps it apart from
 * the handshake, which uses the same secret in HMAC only. Immutable.
 *
 * @param username on every probe
 * @param mine signs what I ask and what I am answered
 * @param theirs signs what the peer asks and what I answer
 */
record ProbeKeys(String username, StunKey mine, StunKey theirs) {

    private static final String LABEL = "nvremote direct probe v1";

    /** @param secret X25519 of the two static keys; lent */
    static ProbeKeys of(byte[] secret, SessionId session, TunnelRole role) {
        StunKey initiator = key(secret, session, "initiator");
        StunKey responder = key(secret, session, "responder");
        return role == TunnelRole.INITIATOR
                ? new ProbeKeys(session + ":probe", initiator, responder)
                : new ProbeKeys(session + ":probe", responder, initiator);
    }

    private static StunKey key(byte[] secret, SessionId session, String role) {
        byte[] key = new Blake2s(Blake2s.LENGTH, secret)
                .update((LABEL + session + role).getBytes(StandardCharsets.US_ASCII))
                .finish();
        StunKey stunKey = StunKey.of(key);
        Arrays.fill(key, (byte) 0);
        return stunKey;
    }
}
