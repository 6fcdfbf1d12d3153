// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The host's end of a session as a process: sends back what arrives at {@link #PORT}, as far as its own path carries it.
 * Arguments: session, private and public key, peer's public key, address and port and ticket of the relay, address and port of
 * the peer. Prints the port of its socket.
 */
final class FarEnd {

    static final int PORT = 7007;

    private FarEnd() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Base64.Decoder base64 = Base64.getDecoder();
        TunnelSpec spec = new TunnelSpec(
                SessionId.of(arguments[0]),
                TunnelRole.RESPONDER,
                new TunnelKeys(base64.decode(arguments[1]), TunnelPublicKey.parse(arguments[2])),
                TunnelPublicKey.parse(arguments[3]),
                TunnelAddress.parse("10.100.2.2"),
                TunnelAddress.parse("10.100.2.1"),
                new RelayBinding(
                        new InetSocketAddress(arguments[4], Integer.parseInt(arguments[5])), new Secret(arguments[6])),
                PathPolicy.AUTO,
                TunnelSpec.MTU_BYTES);
        Tunnel tunnel = new WireguardProvider(new ProbingPaths()).open(spec, new TunnelListener() {});
        AtomicReference<TunnelPort> port = new AtomicReference<>();
        port.set(tunnel.bind(PORT, (from, datagram) -> {
            if (datagram.remaining() <= port.get().maxDatagramBytes()) {
                port.get()
                        .send(
                                from,
                                ByteBuffer.allocate(datagram.remaining())
                                        .put(datagram)
                                        .flip());
            }
        }));
        tunnel.peerCandidates(List.of(new InetSocketAddress(arguments[7], Integer.parseInt(arguments[8]))));
        while (tunnel.candidates().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        System.out.println(tunnel.candidates().getFirst().getPort());
        TimeUnit.MINUTES.sleep(10);
    }
}
