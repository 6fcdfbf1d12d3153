// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** An X server of our own without a screen (Xvfb), with something on it that moves and something that can be typed into. */
final class VirtualScreen implements AutoCloseable {

    private static final String GREETING = "echo 'Type here: each key goes through the tunnel to this screen.'; ";

    private final String display;
    private final List<Process> processes;

    private VirtualScreen(String display, List<Process> processes) {
        this.display = display;
        this.processes = processes;
    }

    /** Starts a 1280×720 screen on a free display number, with a terminal on it and a clock where there is one. */
    static VirtualScreen start(Path folder) {
        List<Process> processes = new ArrayList<>();
        try {
            Process server = new ProcessBuilder(
                            "Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset")
                    .redirectError(folder.resolve("xvfb.txt").toFile())
                    .start();
            processes.add(server);
            // Not closed: a closed pipe would end the server's write to it with an error.
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII));
            String number = out.readLine();
            if (number == null) {
                throw new Trouble("Xvfb did not start: " + Files.readString(folder.resolve("xvfb.txt")));
            }
            VirtualScreen screen = new VirtualScreen(":" + number.strip(), processes);
            screen.show(
                    folder, "xterm", "-geometry", "100x30+40+40", "-fs", "12", "-e", "sh", "-c", GREETING + "exec cat");
            screen.show(folder, "xclock", "-update", "1", "-geometry", "220x220+1020+40");
            return screen;
        } catch (IOException e) {
            processes.forEach(Process::destroyForcibly);
            throw new Trouble("no virtual screen can be started", e);
        }
    }

    private void show(Path folder, String... command) throws IOException {
        if (!Machine.hasCommand(command[0])) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0].toLowerCase(Locale.ROOT) + ".txt")
                        .toFile());
        builder.environment().put("DISPLAY", display);
        processes.add(builder.start());
    }

    /** The display's name: {@code :99}. */
    String display() {
        return display;
    }

    @Override
    public void close() {
        for (Process process : processes.reversed()) {
            process.destroy();
        }
        for (Process process : processes) {
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
