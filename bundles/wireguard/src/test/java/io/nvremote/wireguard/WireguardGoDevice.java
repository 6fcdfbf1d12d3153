// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.TunnelAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A wireguard-go process with a network device of its own on this machine, driven through its socket (the cross-platform
 * userspace API of WireGuard), so that no key is in a file or a command line. Needs root.
 */
final class WireguardGoDevice implements AutoCloseable {

    private final String name = "nvc%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
    private final Path api = Path.of("/var/run/wireguard/" + name + ".sock");
    private final Process process;

    WireguardGoDevice(TunnelAddress address, TunnelAddress peer, int mtu) {
        try {
            ProcessBuilder builder = new ProcessBuilder("wireguard-go", "-f", name)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD", "1");
            process = builder.start();
            Machines.await(() -> Files.exists(api), "wireguard-go's socket");
            run("ip", "addr", "add", address.toString(), "peer", peer.toString(), "dev", name);
            run("ip", "link", "set", name, "mtu", Integer.toString(mtu), "up");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
    }

    /** Sets its key; the UDP port that it listens on. */
    int key(byte[] privateKey) {
        request("set=1\nprivate_key=" + hex(privateKey) + "\nlisten_port=0\n\n");
        return Integer.parseInt(figures().get("listen_port"));
    }

    /** Sets its one peer. */
    void peer(byte[] publicKey, int endpointPort, TunnelAddress allowed, boolean calls) {
        request("set=1\npublic_key=" + hex(publicKey) + "\nendpoint=127.0.0.1:" + endpointPort + "\nallowed_ip="
                + allowed + "/32\n" + (calls ? "persistent_keepalive_interval=25\n" : "") + "\n");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** What it says of itself and its peer. */
    Map<String, String> figures() {
        Map<String, String> all = new HashMap<>();
        for (String line : request("get=1\n\n").split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                all.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return all;
    }

    private String request(String text) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(api));
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            StringBuilder answer = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (answer.indexOf("errno=") < 0 && channel.read(buffer.clear()) >= 0) {
                answer.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
            }
            if (answer.indexOf("errno=0") < 0) {
                throw new IllegalStateException("wireguard-go refuses: " + answer);
            }
            return answer.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(api);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends one echo request and waits up to a second for its answer. */
    boolean ping(TunnelAddress peer, int bytes) {
        try {
            return new ProcessBuilder(List.of(
                                    "ping",
                                    "-c",
                                    "1",
                                    "-W",
                                    "1",
                                    "-M",
                                    "do",
                                    "-s",
                                    Integer.toString(bytes),
                                    "-I",
                                    name,
                                    peer.toString()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
