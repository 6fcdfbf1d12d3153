// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.nvremote.core.Clock;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.blind.BlindRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proof with software not ours: two wireguard-go peers, each in a network namespace whose only route leads to the
 * gateway's address, ping each other through the relay. They have no ticket, so this is the path by mac1. The length is
 * the system property {@code relay.soak.seconds} (130: one rekey at 120 s).
 */
class WireguardGoTest {

    private static final int SECONDS = Integer.getInteger("relay.soak.seconds", 130);
    private static final Pattern PINGS = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

    private final String id =
            String.format(Locale.ROOT, "nvg%04x", ThreadLocalRandom.current().nextInt(0x10000));
    private final int net = unusedNet();
    private final List<Process> daemons = new ArrayList<>();

    @TempDir
    private Path temp;

    @BeforeEach
    void everything_needed_is_here() throws Exception {
        Map<String, String> programs = Map.of(
                "wireguard-go", "wireguard-go", "wg", "wireguard-tools", "ip", "iproute2", "ping", "iputils-ping");
        for (Map.Entry<String, String> program : programs.entrySet()) {
            if (new ProcessBuilder("sh", "-c", "command -v " + program.getKey())
                            .start()
                            .waitFor()
                    != 0) {
                missing("no " + program.getKey() + ": apt-get install " + program.getValue());
            }
        }
        if (!"root".equals(System.getProperty("user.name")) || !Files.exists(Path.of("/dev/net/tun"))) {
            missing("network namespaces and TUN need root and /dev/net/tun");
        }
    }

    private static void missing(String what) {
        String text = "NOT PROVEN: wireguard-go peers through the relay: " + what;
        if ("true".equals(System.getenv("CI"))) {
            fail(text);
        }
        Assumptions.abort(text);
    }

    @AfterEach
    void nothing_is_left_behind() throws Exception {
        for (Process daemon : daemons) {
            daemon.descendants().forEach(ProcessHandle::destroy);
            daemon.destroy();
            daemon.waitFor(10, TimeUnit.SECONDS);
        }
        for (String side : new String[] {"a", "b"}) {
            new ProcessBuilder("ip", "netns", "del", id + side).start().waitFor();
            new ProcessBuilder("ip", "link", "del", id + "r" + side).start().waitFor();
        }
    }

    /** Also of a run that was killed cards may be left, and of another that goes on beside this one. */
    private static int unusedNet() {
        try {
            List<String> used = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(InetAddress::getHostAddress)
                    .toList();
            return ThreadLocalRandom.current()
                    .ints(0, 256)
                    .filter(net -> used.stream().noneMatch(address -> address.startsWith("198.18." + net + ".")))
                    .findFirst()
                    .orElseThrow();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String address(int last) {
        return "198.18." + net + "." + last;
    }

    private String run(String... command) throws IOException, InterruptedException {
        return run(List.of(command), "", 0);
    }

    private static String run(List<String> command, String input, int expected)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, text).isEqualTo(expected);
        return text.strip();
    }

    private String inside(String side, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", id + side));
        all.addAll(List.of(command));
        return run(all, "", 0);
    }

    /** A namespace joined to ours by a pair of virtual cards, with a route to the gateway's address and no other. */
    private void namespace(String side, int here, int there) throws IOException, InterruptedException {
        run("ip", "netns", "add", id + side);
        run("ip", "link", "add", id + "r" + side, "type", "veth", "peer", "name", id + "v" + side, "netns", id + side);
        run("ip", "addr", "add", address(here) + "/32", "peer", address(there) + "/32", "dev", id + "r" + side);
        run("ip", "link", "set", id + "r" + side, "up");
        inside(side, "ip", "link", "set", "lo", "up");
        inside(side, "ip", "addr", "add", address(there) + "/32", "dev", id + "v" + side);
        inside(side, "ip", "link", "set", id + "v" + side, "up");
        inside(side, "ip", "route", "add", address(1) + "/32", "dev", id + "v" + side);
    }

    private void peer(String side, String privateKey, String peerKey, String inner, String peerInner, int gatewayPort)
            throws IOException, InterruptedException {
        String card = id + "w" + side;
        ProcessBuilder daemon = new ProcessBuilder("ip", "netns", "exec", id + side, "wireguard-go", "-f", card);
        daemon.environment().put("WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD", "1");
        daemons.add(daemon.redirectErrorStream(true)
                .redirectOutput(temp.resolve(side + ".log").toFile())
                .start());
        Path socket = Path.of("/var/run/wireguard", card + ".sock");
        for (int i = 0; i < 100 && !Files.exists(socket); i++) {
            Clock.system().sleep(Duration.ofMillis(100));
        }
        Path key = Files.writeString(temp.resolve(side + ".key"), privateKey);
        inside(
                side,
                "wg",
                "set",
                card,
                "private-key",
                key.toString(),
                "peer",
                peerKey,
                "endpoint",
                address(1) + ":" + gatewayPort,
                "persistent-keepalive",
                "5",
                "allowed-ips",
                peerInner + "/32");
        inside(side, "ip", "addr", "add", inner + "/24", "dev", card);
        inside(side, "ip", "link", "set", card, "mtu", "1280", "up");
    }

    private long handshake(String side) throws IOException, InterruptedException {
        String[] words =
                inside(side, "wg", "show", id + "w" + side, "latest-handshakes").split("\\s+");
        return Long.parseLong(words[1]);
    }

    @Test
    void two_wireguard_go_peers_ping_each_other_through_the_relay_without_loss() throws Exception {
        String keyA = run("wg", "genkey");
        String keyB = run("wg", "genkey");
        String publicA = run(List.of("wg", "pubkey"), keyA, 0);
        String publicB = run(List.of("wg", "pubkey"), keyB, 0);
        namespace("a", 1, 2);
        namespace("b", 5, 6);
        BlindRelay relay = new BlindRelay();
        RelaySession session = Sessions.session(TunnelPublicKey.parse(publicA), TunnelPublicKey.parse(publicB));
        relay.upsert(1, session);
        GatewayRole gateway = new GatewayRole(new GatewaySettings(new InetSocketAddress(address(1), 0), 0), relay);
        try {
            peer("a", keyA, publicB, "10.99.0.1", "10.99.0.2", gateway.udpPort());
            peer("b", keyB, publicA, "10.99.0.2", "10.99.0.1", gateway.udpPort());
            run(List.of("ip", "netns", "exec", id + "a", "ping", "-c", "1", "-W", "1", address(6)), "", 2);
            inside("a", "ping", "-c", "1", "-w", "30", "10.99.0.2");

            long before = handshake("a");
            int count = SECONDS * 4;
            Process back = new ProcessBuilder(
                            "ip", "netns", "exec", id + "b", "ping", "-q", "-i", "0.25", "-c", "" + count, "10.99.0.1")
                    .start();
            assertNoLoss(inside("a", "ping", "-q", "-i", "0.25", "-c", "" + count, "10.99.0.2"), count);
            assertNoLoss(new String(back.getInputStream().readAllBytes(), StandardCharsets.UTF_8), count);
            if (SECONDS >= 130) {
                assertThat(handshake("a")).as("a rekey took place").isGreaterThan(before + 60);
            }
            System.out.println("wireguard-go through the relay for " + SECONDS + " s: " + relay.counters());

            relay.remove(2, session.id());
            run(
                    List.of("ip", "netns", "exec", id + "a", "ping", "-c", "2", "-i", "0.5", "-W", "1", "10.99.0.2"),
                    "",
                    1);
        } finally {
            gateway.close();
        }
    }

    private static void assertNoLoss(String output, int count) {
        Matcher figures = PINGS.matcher(output);
        assertThat(figures.find()).as(output).isTrue();
        assertThat(figures.group(1)).as(output).isEqualTo(Integer.toString(count));
        assertThat(figures.group(2)).as(output).isEqualTo(figures.group(1));
        System.out.println(figures.group());
    }
}
