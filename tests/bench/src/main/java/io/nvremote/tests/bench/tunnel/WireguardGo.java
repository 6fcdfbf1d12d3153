// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import io.nvremote.core.Clock;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A wireguard-go with a TUN device in a namespace. */
final class WireguardGo {

    static final int PORT = 51820;

    private final Namespace namespace;
    private final String device;
    private final Child daemon;
    private final String publicKey;

    private WireguardGo(Namespace namespace, String device, Child daemon, String publicKey) {
        this.namespace = namespace;
        this.device = device;
        this.daemon = daemon;
        this.publicKey = publicKey;
    }

    static WireguardGo start(Run run, Namespace namespace, String inner, int mtu)
            throws IOException, InterruptedException {
        String device = namespace.device("w");
        Child daemon = Child.start(
                run,
                Map.of("WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD", "1"),
                namespace.wrap(List.of("wireguard-go", "-f", device)));
        Path socket = Path.of("/var/run/wireguard", device + ".sock");
        for (int i = 0; i < 200 && !Files.exists(socket); i++) {
            Clock.system().sleep(Duration.ofMillis(50));
        }
        String key = Namespace.command("wg", "genkey");
        Path file = Files.writeString(run.folder().resolve(device + ".key"), key);
        namespace.inside("wg", "set", device, "listen-port", Integer.toString(PORT), "private-key", file.toString());
        namespace.inside("ip", "addr", "add", inner + "/24", "dev", device);
        namespace.inside("ip", "link", "set", device, "mtu", Integer.toString(mtu), "up");
        return new WireguardGo(namespace, device, daemon, Child.output(List.of("wg", "pubkey"), key));
    }

    String publicKey() {
        return publicKey;
    }

    double cpuSeconds() throws IOException {
        return daemon.cpuSeconds();
    }

    /** Waits for a peer that speaks first. */
    void expect(String peerKey, String peerInner) throws IOException, InterruptedException {
        namespace.inside("wg", "set", device, "peer", peerKey, "allowed-ips", peerInner + "/32");
    }

    /** Forgets the peer and takes it up afresh, so that the next datagram begins with a handshake this way. */
    void reach(String peerKey, String peerInner, String endpoint) throws IOException, InterruptedException {
        namespace.inside("wg", "set", device, "peer", peerKey, "remove");
        namespace.inside(
                "wg",
                "set",
                device,
                "peer",
                peerKey,
                "allowed-ips",
                peerInner + "/32",
                "endpoint",
                endpoint,
                "persistent-keepalive",
                "5");
    }
}
