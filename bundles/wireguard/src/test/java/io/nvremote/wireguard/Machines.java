// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A second machine on this one: a network namespace joined by a veth pair, with wireguard-go in it. The Java side uses
 * {@link #here}, wireguard-go listens on {@link #there} at {@link #PORT}. Needs root.
 */
final class Machines {

    static final int PORT = 51_820;
    static final String JAVA_INNER = "10.100.213.1";
    static final String GO_INNER = "10.100.213.2";
    static final int MTU = 1280;

    private final String tag = "%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
    private final String namespace = "nvwg" + tag;
    private final String device = "nvg" + tag;
    private final String subnet = "10.213." + ThreadLocalRandom.current().nextInt(1, 255) + ".";
    private final List<Process> started = new ArrayList<>();
    private final Path keyFile;

    Machines() throws IOException, InterruptedException {
        needTools();
        keyFile = Files.createTempFile(
                "nvwg", ".key", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            run("ip", "netns", "add", namespace);
            run("ip", "link", "add", "nva" + tag, "type", "veth", "peer", "name", "nvb" + tag, "netns", namespace);
            run("ip", "addr", "add", here() + "/24", "dev", "nva" + tag);
            run("ip", "link", "set", "nva" + tag, "up");
            runThere("ip", "addr", "add", there() + "/24", "dev", "nvb" + tag);
            runThere("ip", "link", "set", "nvb" + tag, "up");
            runThere("ip", "link", "set", "lo", "up");
            startThere("wireguard-go", "-f", device);
            await(() -> Files.exists(Path.of("/var/run/wireguard/" + device + ".sock")), "wireguard-go's socket");
            runThere("ip", "addr", "add", GO_INNER + "/24", "dev", device);
            runThere("ip", "link", "set", device, "mtu", Integer.toString(MTU), "up");
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** What wireguard-go with a network device takes. */
    static void needTools() {
        need(Files.exists(Path.of("/dev/net/tun")), "/dev/net/tun");
        need("root".equals(System.getProperty("user.name")), "root, for network namespaces");
        for (String tool : List.of("wireguard-go", "wg", "ip", "ping")) {
            need(found(tool), tool + " (Debian: wireguard-go wireguard-tools iproute2 iputils-ping)");
        }
    }

    private static void need(boolean there, String what) {
        if (!there) {
            if ("true".equals(System.getenv("CI"))) {
                fail("this test needs " + what);
            }
            Assumptions.abort("NOT PROVEN: interoperation with wireguard-go: " + what);
        }
    }

    private static boolean found(String tool) {
        for (String folder : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }

    String here() {
        return subnet + "1";
    }

    String there() {
        return subnet + "2";
    }

    /** Gives wireguard-go its key and its one peer; {@code endpoint} is null where it shall wait to be called. */
    void configure(String privateKey, String peerKey, String endpoint) throws IOException, InterruptedException {
        Files.writeString(keyFile, privateKey + "\n");
        List<String> command = new ArrayList<>(
                List.of("wg", "set", device, "private-key", keyFile.toString(), "listen-port", Integer.toString(PORT)));
        command.addAll(List.of("peer", peerKey, "allowed-ips", JAVA_INNER + "/32"));
        if (endpoint != null) {
            command.addAll(List.of("endpoint", endpoint, "persistent-keepalive", "5"));
        }
        runThere(command.toArray(String[]::new));
    }

    void listenOn(int port) throws IOException, InterruptedException {
        runThere("wg", "set", device, "listen-port", Integer.toString(port));
    }

    /** Makes the cable take no longer packets than that. */
    void narrow(int mtu) throws IOException, InterruptedException {
        run("ip", "link", "set", "nva" + tag, "mtu", Integer.toString(mtu));
        runThere("ip", "link", "set", "nvb" + tag, "mtu", Integer.toString(mtu));
    }

    /** What wireguard-go says of its peer in one word: {@code latest-handshakes}, {@code transfer}, {@code endpoints}. */
    String show(String what) throws IOException, InterruptedException {
        return runThere("wg", "show", device, what);
    }

    String runThere(String... command) throws IOException, InterruptedException {
        return run(inside(command));
    }

    Process startThere(String... command) throws IOException {
        Process process = new ProcessBuilder(inside(command))
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile("nvwg", ".log").toFile())
                .start();
        started.add(process);
        return process;
    }

    /** Starts a main class of the test class path on the other machine. */
    Process javaThere(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return startThere(command.toArray(String[]::new));
    }

    private String[] inside(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return all.toArray(String[]::new);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    /** Waits up to 20 s for something that will happen. */
    static void await(Check check, String what) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!check.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("did not happen: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    interface Check {
        boolean holds();
    }

    /** Ends what was started and takes the machine down. */
    void close() throws InterruptedException, IOException {
        for (Process process : started.reversed()) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        Files.deleteIfExists(Path.of("/var/run/wireguard/" + device + ".sock"));
        Files.deleteIfExists(keyFile);
        new ProcessBuilder("ip", "link", "del", "nva" + tag).start().waitFor();
        new ProcessBuilder("ip", "netns", "del", namespace).start().waitFor();
    }
}
