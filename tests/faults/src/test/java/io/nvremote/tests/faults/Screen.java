// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An X server of a test under a given name, with a clock on it. */
final class Screen implements AutoCloseable {

    private final Path lock;
    private final Process server;
    private final Process clock;

    private Screen(Path lock, Process server, Process clock) {
        this.lock = lock;
        this.server = server;
        this.clock = clock;
    }

    static Screen start(Path folder, String display) throws Exception {
        Process server = new ProcessBuilder(
                        "Xvfb",
                        display,
                        "-displayfd",
                        "1",
                        "-screen",
                        "0",
                        "1280x720x24",
                        "-nolisten",
                        "tcp",
                        "-noreset")
                .redirectError(folder.resolve("screen-again.txt").toFile())
                .start();
        // Its number, once it takes connections. Not closed: the server would end on a broken pipe.
        String number = server.inputReader().readLine();
        if (number == null) {
            throw new AssertionError("Xvfb " + display + ": " + Files.readString(folder.resolve("screen-again.txt")));
        }
        ProcessBuilder clock = new ProcessBuilder("xclock", "-update", "1", "-geometry", "220x220+100+40");
        clock.environment().put("DISPLAY", display);
        return new Screen(
                Path.of("/tmp/.X" + display.substring(1) + "-lock"),
                server,
                quiet(clock, folder.resolve("clock-again.txt")));
    }

    private static Process quiet(ProcessBuilder builder, Path output) throws IOException {
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    boolean alive() {
        return server.isAlive();
    }

    /** Kills the server, and keeps its number from anybody who looks for a free one, until {@link #close}. */
    void killForGood() throws Exception {
        clock.destroyForcibly();
        server.destroyForcibly();
        server.onExit().get(30, TimeUnit.SECONDS);
        // What an X server writes there: its process id, in eleven characters.
        Files.writeString(lock, "%10d\n".formatted(ProcessHandle.current().pid()));
    }

    @Override
    public void close() throws IOException {
        clock.destroyForcibly();
        server.destroyForcibly();
        Files.deleteIfExists(lock);
    }
}
