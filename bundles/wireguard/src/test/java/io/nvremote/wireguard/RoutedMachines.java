// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * This machine, a router and another machine behind it (network namespaces, veth pairs). The router tells nobody that a
 * packet was too long: its own ICMP has no route. Needs root.
 */
final class RoutedMachines {

    private final String tag = "%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
    private final String router = "nvrr" + tag;
    private final String far = "nvrf" + tag;
    private final int net = ThreadLocalRandom.current().nextInt(1, 255);
    private final List<Process> started = new ArrayList<>();

    RoutedMachines() throws IOException, InterruptedException {
        Machines.needTools();
        try {
            run("ip", "netns", "add", router);
            run("ip", "netns", "add", far);
            run("ip", "link", "add", "nvra" + tag, "type", "veth", "peer", "name", "near", "netns", router);
            run("ip", "-n", router, "link", "add", "away", "type", "veth", "peer", "name", "eth", "netns", far);
            address("-n", router, here("2"), "near");
            address("-n", router, there("1"), "away");
            address("-n", far, there("2"), "eth");
            run("ip", "addr", "add", here("1") + "/24", "dev", "nvra" + tag);
            run("ip", "link", "set", "nvra" + tag, "up");
            run("ip", "route", "add", there("0") + "/24", "via", here("2"));
            run("ip", "-n", far, "route", "add", "default", "via", there("1"));
            run("ip", "netns", "exec", router, "sysctl", "-qw", "net.ipv4.ip_forward=1");
            run("ip", "-n", router, "route", "add", "unreachable", "default", "table", "99");
            run("ip", "-n", router, "rule", "add", "pref", "1", "iif", "lo", "lookup", "99");
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    private static void address(String option, String namespace, String address, String device)
            throws IOException, InterruptedException {
        run("ip", option, namespace, "addr", "add", address + "/24", "dev", device);
        run("ip", option, namespace, "link", "set", device, "up");
    }

    private String here(String last) {
        return "10.215." + net + "." + last;
    }

    private String there(String last) {
        return "10.216." + net + "." + last;
    }

    String here() {
        return here("1");
    }

    String there() {
        return there("2");
    }

    /** The link behind the router takes no longer packets than that. */
    void narrow(int mtu) throws IOException, InterruptedException {
        run("ip", "-n", router, "link", "set", "away", "mtu", Integer.toString(mtu));
    }

    /** This machine's own link takes no longer packets than that. */
    void narrowHere(int mtu) throws IOException, InterruptedException {
        run("ip", "link", "set", "nvra" + tag, "mtu", Integer.toString(mtu));
    }

    /** How many fragments this machine has made of datagrams that were too long ({@code FragCreates} of RFC 4293). */
    static long fragments() throws IOException {
        List<String[]> ip = Files.readAllLines(Path.of("/proc/net/snmp")).stream()
                .filter(line -> line.startsWith("Ip: "))
                .map(line -> line.split(" ", -1))
                .toList();
        return Long.parseLong(ip.get(1)[List.of(ip.get(0)).indexOf("FragCreates")]);
    }

    /** Starts a main class of the test class path on the far machine. */
    Process javaThere(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", far));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        return process;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
    }

    /** Ends what was started and takes the machines down. */
    void close() throws InterruptedException, IOException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        for (String namespace : List.of(far, router)) {
            new ProcessBuilder("ip", "netns", "del", namespace).start().waitFor();
        }
        new ProcessBuilder("ip", "link", "del", "nvra" + tag).start().waitFor();
    }
}
