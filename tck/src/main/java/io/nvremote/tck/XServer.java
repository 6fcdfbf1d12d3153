// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real X server without a screen (Xvfb), on a display number of its own choice, for tests of what speaks to one. Where
 * there is no Xvfb the test is aborted as not proven; with {@code CI=true} it fails.
 */
public final class XServer implements AutoCloseable {

    private final Process process;
    private final String display;

    private XServer(Process process, String display) {
        this.process = process;
        this.display = display;
    }

    /** Pixels and bits of a pixel; then what else to tell Xvfb. */
    public static XServer start(int width, int height, int depth, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("Xvfb", "-displayfd", "1"));
        command.addAll(List.of("-screen", "0", width + "x" + height + "x" + depth));
        command.addAll(List.of("-nolisten", "tcp", "-noreset"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                fail("an X server is needed: install the Debian package xvfb", e);
            }
            Assumptions.abort("NOT PROVEN: what speaks to a real X server: install the Debian package xvfb");
            throw e;
        }
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String number = reader.readLine();
        if (number == null) {
            throw new IOException("Xvfb ended with " + process.exitValue());
        }
        return new XServer(process, ":" + number.strip());
    }

    /** {@code :0} and the like. */
    public String display() {
        return display;
    }

    /** SIGKILL: the server says no goodbye. */
    public void kill() {
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
