// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.gateway.GatewayRole;
import io.nvremote.relay.Relay;
import io.nvremote.relay.RelaySession;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Parts;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** The gateway's relay as a process, with one session. Arguments: address, port, both public keys. */
final class RelayEnd {

    private RelayEnd() {}

    @SuppressWarnings("SystemOut") // how the parent learns that it runs
    public static void main(String[] arguments) {
        Child.endWithParent();
        Relay relay = Parts.make(Relay.class, Map.of());
        relay.upsert(
                1,
                new RelaySession(
                        SessionId.next(),
                        TunnelPublicKey.parse(arguments[2]),
                        TunnelPublicKey.parse(arguments[3]),
                        ticket(),
                        ticket(),
                        Instant.now().plusSeconds(3600)));
        Parts.make(
                GatewayRole.class,
                Map.of("bind_address", arguments[0], "udp_port", Integer.parseInt(arguments[1]), "metrics_port", 0),
                relay);
        System.out.println("READY");
    }

    private static Secret ticket() {
        byte[] ticket = new byte[32];
        new SecureRandom().nextBytes(ticket);
        return new Secret(Base64.getEncoder().encodeToString(ticket));
    }
}
