// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.cli.DemoCommand.Capture;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The four runtimes of one demo, in the order they need each other. All files live in one folder; {@link #close} ends the
 * processes in reverse order and removes the folder unless it is to be kept.
 *
 * <p><b>Threads.</b> One thread starts; {@link #close} may come from any.
 */
final class Demo implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(90);
    private static final String USER = "ada";
    private static final String GATEWAY = "00000000-0000-7000-8000-000000000001";

    private final Path folder;
    private final boolean keep;
    private final PrintWriter out;
    private final Debugger debugger;
    private final List<RuntimeProcess> processes = new ArrayList<>();
    private final Map<String, Long> startMillis = new LinkedHashMap<>();
    private final Map<String, Long> memory = new LinkedHashMap<>();
    private @Nullable VirtualScreen screen;
    private @Nullable RuntimeProcess client;
    private boolean closed;

    Demo(Path folder, boolean keep, Debugger debugger, PrintWriter out) {
        this.folder = folder;
        this.keep = keep;
        this.debugger = debugger;
        this.out = out;
    }

    static Path home() {
        String home = System.getProperty("nvremote.home");
        if (home == null) {
            throw new Trouble("start this program with ./nvremote");
        }
        return Path.of(home);
    }

    /** The folder of a runtime of the demo that runs now, for commands whose {@code option} names none. */
    static Path running(String runtime, String option) {
        Path pointer = pointer();
        if (!Files.exists(pointer)) {
            throw new Trouble(
                    "no demo of yours runs; name the folder of the " + runtime.replace('-', ' ') + " with " + option);
        }
        try {
            return Path.of(Files.readString(pointer).strip()).resolve(runtime);
        } catch (IOException e) {
            throw new Trouble("the running demo can't be found", e);
        }
    }

    private static Path pointer() {
        return Machine.state().resolve("demo");
    }

    /** Starts everything; with {@code watch} the client runs headless that long and this returns when it is done. */
    void start(DemoCommand asked, @Nullable Duration watch) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Capture source = choose(asked.capture);
        DemoConfig config = DemoConfig.of(folder, GATEWAY);
        Files.deleteIfExists(reportFile()); // of an earlier demo in this folder
        if (source == Capture.X11 && (asked.capture == Capture.X11 || System.getenv("DISPLAY") == null)) {
            screen = VirtualScreen.start(folder);
            step("screen", "1280x720 on " + screen.display() + " (a virtual one)");
        }
        if (asked.fakeGpu) {
            step("fake GPU", FakeGpu.build(home(), folder));
        }
        List<String> flags = new ArrayList<>(config.controlPlaneProperties());
        flags.addAll(List.of("-Xmx160m", "-XX:TieredStopAtLevel=1")); // starts in two thirds of the time
        start("control-plane", home().resolve("runtimes/control-plane/config/demo.json"), flags, Map.of());
        ControlPlaneAccount admin = controlPlane(config);
        run("gateway", config.gateway(), List.of("-Xmx48m", "-XX:TieredStopAtLevel=1"));
        await("gateway", () -> config.gatewayAlive());
        ready("gateway", "udp " + config.gatewayUdpPort());
        admin.signIn(USER);
        String org = admin.org("Demo", "demo");
        Path token = folder.resolve("bootstrap-token");
        Files.deleteIfExists(token);
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, admin.bootstrapToken(org));
        String display = screen != null ? screen.display() : source == Capture.X11 ? System.getenv("DISPLAY") : "";
        var host = config.hostAgent(org, token, source, display, asked);
        run("host-agent", host, List.of("-Xmx128m"), environment(display));
        await("host-agent", () -> admin.hostOnline(org));
        ready("host-agent", "enrolled and online, shows " + source.name().toLowerCase(java.util.Locale.ROOT));
        client = run("client", config.client(asked, source, watch, USER), List.of("-Xmx96m"));
        announce();
        if (watch == null) {
            await("client", () -> Files.exists(config.pageFile()));
            ready("client", "serves the page");
        } else {
            step("client", "watching for " + watch.toSeconds() + " s");
            watchHeadless(watch);
        }
    }

    private ControlPlaneAccount controlPlane(DemoConfig config) {
        Path ca = config.authority();
        await("control-plane", () -> Files.exists(ca));
        ControlPlaneAccount admin = ControlPlaneAccount.at(URI.create(config.controlUrl()), ca);
        await("control-plane", admin::ready);
        ready("control-plane", config.controlUrl());
        return admin;
    }

    private Capture choose(Capture wanted) {
        if (wanted != Capture.AUTO) {
            return wanted;
        }
        boolean libraries =
                List.of("libX11.so.6", "libXext.so.6", "libXdamage.so.1", "libXfixes.so.3", "libXtst.so.6").stream()
                        .allMatch(Machine::hasLibrary);
        if (libraries && (System.getenv("DISPLAY") != null || Machine.hasCommand("Xvfb"))) {
            return Capture.X11;
        }
        out.println("No X server and no Xvfb here: the host shows a test card."
                + " For a real screen: apt-get install xvfb xterm x11-apps (./nvremote doctor says more).");
        return Capture.TESTCARD;
    }

    private static Map<String, String> environment(@Nullable String display) {
        return display == null || display.isEmpty() ? Map.of() : Map.of("DISPLAY", display);
    }

    private RuntimeProcess run(String name, ObjectNode config, List<String> jvm) throws IOException {
        return run(name, config, jvm, Map.of());
    }

    private RuntimeProcess run(String name, ObjectNode config, List<String> jvm, Map<String, String> environment)
            throws IOException {
        Path file = folder.resolve(name).resolve("config.json");
        Files.writeString(file, config.toPrettyString());
        return start(name, file, jvm, environment);
    }

    private synchronized RuntimeProcess start(
            String name, Path config, List<String> jvm, Map<String, String> environment) {
        if (closed) {
            throw new Trouble("the demo was stopped");
        }
        startMillis.put(name, System.nanoTime());
        List<String> flags = debugger.flags(name, jvm);
        RuntimeProcess process = RuntimeProcess.start(home(), name, folder.resolve(name), config, flags, environment);
        processes.add(process);
        return process;
    }

    /** Waits until something holds; fails with the last words of any process that ended meanwhile. */
    private void await(String name, BooleanSupplier done) {
        long end = System.nanoTime() + START.toNanos();
        while (!done.getAsBoolean()) {
            for (RuntimeProcess process : List.copyOf(processes)) {
                if (!process.alive()) {
                    throw new Trouble(process.name() + " ended before it was ready:\n" + process.lastWords());
                }
                if (process.name().equals(name) && System.nanoTime() > end) {
                    throw new Trouble(name + " was not ready in " + START.toSeconds() + " s:\n" + process.lastWords());
                }
            }
            pause();
        }
    }

    private void ready(String name, String state) {
        startMillis.computeIfPresent(name, (n, begun) -> (System.nanoTime() - begun) / 1_000_000);
        step(name, state);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Trouble("interrupted");
        }
    }

    private void watchHeadless(Duration watch) throws InterruptedException {
        RuntimeProcess watching = client;
        if (watching == null) {
            throw new IllegalStateException("the client is started first");
        }
        startMillis.remove("client"); // its start is part of the connect times it reports itself
        long end = System.nanoTime() + watch.plus(Duration.ofMinutes(2)).toNanos();
        while (!Files.exists(reportFile())) {
            processes.forEach(p -> {
                if (p.alive()) {
                    memory.merge(p.name(), p.residentMegabytes(), Math::max);
                }
            });
            if (!watching.alive() && !Files.exists(reportFile())) {
                throw new Trouble("the client ended without a report:\n" + watching.lastWords());
            }
            if (System.nanoTime() > end) {
                throw new Trouble("the client wrote no report:\n" + watching.lastWords());
            }
            watching.await(Duration.ofMillis(200));
        }
    }

    private void announce() throws IOException {
        Files.createDirectories(pointer().getParent());
        Files.writeString(pointer(), folder.toString());
    }

    private void step(String name, String state) {
        Long millis = name.equals("client") ? null : startMillis.get(name);
        out.printf(Locale.ROOT, "  %-14s %s%s%n", name, state, millis == null ? "" : " (" + millis + " ms)");
        out.flush();
    }

    Path reportFile() {
        return folder.resolve("client").resolve("report.json");
    }

    /** The page's one-time address, as the client last wrote it. */
    String pageAddress() throws IOException {
        return Files.readString(folder.resolve("client").resolve("page-url.txt"))
                .strip();
    }

    /** Process start to ready. */
    Map<String, Long> startMillis() {
        return startMillis;
    }

    /** The most that each process held while the stream was watched. */
    Map<String, Long> residentMegabytes() {
        return memory;
    }

    /** Waits until a process ends by itself: with the page the demo runs until it is stopped. */
    int watch() throws InterruptedException {
        while (true) {
            for (RuntimeProcess process : List.copyOf(processes)) {
                if (process.await(Duration.ofMillis(200))) {
                    if (isClosed()) {
                        return 0; // Ctrl-C: the shutdown hook ends the processes
                    }
                    throw new Trouble(process.name() + " ended:\n" + process.lastWords());
                }
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (RuntimeProcess process : processes.reversed()) {
            process.close();
        }
        if (screen != null) {
            screen.close();
        }
        try {
            if (Files.exists(pointer()) && Files.readString(pointer()).strip().equals(folder.toString())) {
                Files.delete(pointer());
            }
        } catch (IOException e) {
            out.println("could not remove " + pointer() + ": " + e.getMessage());
        }
        if (!keep && !Machine.delete(folder)) {
            out.println("could not remove all of " + folder);
        }
        out.flush();
    }
}
