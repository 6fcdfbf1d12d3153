// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real X server without a screen, on a display number of its own choice. */
final class Xvfb implements AutoCloseable {

    private final Process process;
    private final String display;

    private Xvfb(Process process, String display) {
        this.process = process;
        this.display = display;
    }

    static Xvfb start(int width, int height, int depth) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "Xvfb",
                "-displayfd",
                "1",
                "-screen",
                "0",
                width + "x" + height + "x" + depth,
                "-nolisten",
                "tcp",
                "-noreset");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                fail("an X server is needed: install the Debian package xvfb", e);
            }
            Assumptions.abort("NOT PROVEN: input into a real X server: install the Debian package xvfb");
            throw e;
        }
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String number = reader.readLine();
        if (number == null) {
            throw new IOException("Xvfb ended with " + process.exitValue());
        }
        return new Xvfb(process, ":" + number.strip());
    }

    String display() {
        return display;
    }

    /** SIGKILL: the server says no goodbye. */
    void kill() {
        process.destroyForcibly();
        ended();
    }

    @Override
    public void close() {
        process.destroy();
        if (!ended()) {
            kill();
        }
    }

    private boolean ended() {
        try {
            return process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
