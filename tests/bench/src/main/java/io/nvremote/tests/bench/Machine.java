// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What this machine is and has. */
public final class Machine {

    private Machine() {}

    /** Whether a command is on the path or in the administrator's folders. */
    public static boolean has(String command) {
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        return Pattern.compile(":").splitAsStream(path).anyMatch(f -> Files.isExecutable(Path.of(f, command)));
    }

    /** Asks for a command. */
    public static void needs(String command, String what, String packages) {
        if (!has(command)) {
            throw new LacksPeer(what, packages);
        }
    }

    /** Asks for what network namespaces and TUN devices need. */
    public static void needsNamespaces(String what) {
        needs("wireguard-go", what, "wireguard-go");
        needs("wg", what, "wireguard-tools");
        needs("ip", what, "iproute2");
        if (!"root".equals(System.getProperty("user.name")) || !Files.exists(Path.of("/dev/net/tun"))) {
            throw new LacksPeer(what, "network namespaces and TUN need root and /dev/net/tun");
        }
    }

    /** A UDP port of loopback that was free a moment ago. */
    public static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }

    /** A TCP port of loopback that was free a moment ago. */
    public static int freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The version of an installed Debian package, or "unknown". */
    public static String packageVersion(String name) throws InterruptedException {
        try {
            return Child.output(List.of("dpkg-query", "-W", "-f=${Version}", name), "");
        } catch (IOException e) {
            return "unknown";
        }
    }

    static Map<String, Object> describe() throws IOException {
        Map<String, Object> machine = new TreeMap<>();
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("jdk", Runtime.version().toString());
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        Path cpu = Path.of("/proc/cpuinfo");
        if (Files.exists(cpu)) {
            Files.readAllLines(cpu).stream()
                    .filter(l -> l.startsWith("model name"))
                    .findFirst()
                    .ifPresent(l -> machine.put(
                            "processor", l.substring(l.indexOf(':') + 1).strip()));
        }
        Path load = Path.of("/proc/loadavg");
        if (Files.exists(load)) {
            machine.put("load_before", Files.readString(load).strip());
        }
        return machine;
    }
}
