// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Two machines a and b and a third between them (network namespaces, veth pairs), with no route past it: what passes is what
 * the program in the middle passes on, a {@link ShapedLink}. Needs root; take it down with {@link #close}.
 */
public final class TwoMachines {

    /** A program of the class path on one of them, and the last line that it printed. */
    public static final class Program {

        private final Process process;
        private volatile String last = "";

        private Program(Process process) {
            this.process = process;
            Thread.ofPlatform().daemon().name("program-output").start(this::read);
        }

        private void read() {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line;
                }
            } catch (IOException e) {
                last = "ended: " + e.getMessage();
            }
        }

        /** The last line that it printed, or nothing. */
        public String last() {
            return last;
        }

        /** Writes a line to its input. */
        public void tell(String line) {
            try {
                process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final String tag =
            String.format(Locale.ROOT, "nvk%05x", ThreadLocalRandom.current().nextInt(1 << 20));
    private final List<Process> started = new ArrayList<>();

    /** Makes them. Aborts the test, or fails it where CI=true, if the machine lacks what it takes. */
    public TwoMachines() {
        Proof.needs("root".equals(System.getProperty("user.name")), "a link between two machines", "root");
        Proof.needsCommand("ip", "a link between two machines", "iproute2");
        try {
            for (String machine : List.of("a", "m", "b")) {
                run("ip", "netns", "add", tag + machine);
                run("ip", "-n", tag + machine, "link", "set", "lo", "up");
            }
            cable("a", "10.217.1.1", "10.217.1.2");
            cable("b", "10.217.2.1", "10.217.2.2");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void cable(String machine, String own, String middle) {
        String device = "to-" + machine;
        run(
                "ip",
                "-n",
                tag + "m",
                "link",
                "add",
                device,
                "type",
                "veth",
                "peer",
                "name",
                "eth",
                "netns",
                tag + machine);
        run("ip", "-n", tag + machine, "addr", "add", own + "/24", "dev", "eth");
        run("ip", "-n", tag + machine, "link", "set", "eth", "up");
        run("ip", "-n", tag + "m", "addr", "add", middle + "/24", "dev", device);
        run("ip", "-n", tag + "m", "link", "set", device, "up");
    }

    /** Lays the link, and waits until it is there. */
    public Program link(double megabits, int queueMillis, int delayMillis, double lossPercent) {
        Program link = program(
                "m",
                ShapedLink.class,
                "10.217.1.2",
                "10.217.1.1",
                "10.217.2.2",
                "10.217.2.1",
                Double.toString(megabits),
                Integer.toString(queueMillis),
                Integer.toString(delayMillis),
                Double.toString(lossPercent));
        Waiting.until(() -> link.last().equals("READY"), "the link");
        return link;
    }

    /** Starts a main class on a, whose first argument is where it reaches b. */
    public Program onA(Class<?> main) {
        return program("a", main, "10.217.1.2");
    }

    /** Starts a main class on b, whose first argument is where it reaches a. */
    public Program onB(Class<?> main) {
        return program("b", main, "10.217.2.2");
    }

    private Program program(String machine, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", tag + machine));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            started.add(process);
            return new Program(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the programs and takes the machines down. */
    public void close() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
        for (String machine : List.of("a", "b", "m")) {
            try {
                new ProcessBuilder("ip", "netns", "del", tag + machine).start().waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
