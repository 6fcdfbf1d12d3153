// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.path.PathProvider;
import io.nvremote.tests.bench.Parts;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * Our engine as a process, with wireguard-go for its peer. Arguments: file of the private key, public key, peer's public
 * key, peer's address, own and peer's address inside the tunnel.
 */
final class EngineEnd {

    static final int MTU = 1280;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private EngineEnd() {}

    public static void main(String[] arguments) throws IOException {
        Base64.Decoder base64 = Base64.getDecoder();
        TunnelKeys keys = new TunnelKeys(
                base64.decode(Files.readString(Path.of(arguments[0])).strip()), TunnelPublicKey.parse(arguments[1]));
        InetSocketAddress peer = new InetSocketAddress(arguments[3], WireguardGo.PORT);
        // The peer stands where the relay would: it knows no tickets, so the handshake follows unbound.
        RelayBinding relay =
                new RelayBinding(peer, new Secret(Base64.getEncoder().encodeToString(new byte[32])));
        TunnelSpec spec = new TunnelSpec(
                SessionId.next(),
                TunnelRole.INITIATOR,
                keys,
                TunnelPublicKey.parse(arguments[2]),
                TunnelAddress.parse(arguments[4]),
                TunnelAddress.parse(arguments[5]),
                relay,
                PathPolicy.RELAY,
                MTU);
        Flow flow = new Flow();
        PathProvider paths = Parts.make(PathProvider.class, Map.of());
        TunnelProvider provider = Parts.make(TunnelProvider.class, Map.of(), paths);
        try (Tunnel tunnel = provider.open(spec, new TunnelListener() {})) {
            if (!tunnel.awaitUp(PATIENCE)) {
                throw new IllegalStateException("no handshake with wireguard-go in " + PATIENCE);
            }
            try (TunnelPort port = tunnel.bind(Flow.PORT, (from, datagram) -> flow.received(datagram.remaining()))) {
                flow.obey(step -> port.sendAll(Flow.PORT, step));
            }
        }
    }
}
