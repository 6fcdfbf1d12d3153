// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import io.nvremote.tests.bench.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** An X server without a screen (Xvfb), on a display number of its own choice. */
final class Screen implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final String display;

    private Screen(Process process, BufferedReader output, String display) {
        this.process = process;
        this.output = output;
        this.display = display;
    }

    static Screen start(Run run, int width, int height) throws IOException {
        Process process = new ProcessBuilder(
                        "Xvfb",
                        "-displayfd",
                        "1",
                        "-screen",
                        "0",
                        width + "x" + height + "x24",
                        "-nolisten",
                        "tcp",
                        "-noreset")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String number = output.readLine();
        if (number == null) {
            throw new IOException("Xvfb did not start");
        }
        return run.own(new Screen(process, output, ":" + number.strip()));
    }

    String display() {
        return display;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        output.close();
    }
}
