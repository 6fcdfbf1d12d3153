// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncoderSession;
import io.nvremote.tck.TestcardFrames;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that opens a stream on a machine, says so, and codes pictures when it is told to. */
final class EncodingProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;

    /** {@code sessionsMax} streams of all processes. */
    EncodingProcess(Path driver, int sessionsMax) {
        try {
            process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            EncodingProcess.class.getName(),
                            driver.toString(),
                            Integer.toString(sessionsMax)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The next thing that it says; null at its end. */
    String said() {
        try {
            return out.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void tell(String line) {
        BufferedWriter writer = process.outputWriter(StandardCharsets.UTF_8);
        try {
            writer.write(line + "\n");
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        NvencSettings settings = NvencSettings.of(Map.of(
                "driver.folder", arguments[0], "slots.folder", arguments[0] + "/slots", "sessions.max", arguments[1]));
        NvencDevice device = new NvencDevice(settings, Clock.system());
        try (TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            EncoderSession session = device.open(FakeMachine.SPEC, unit -> {});
            System.out.println("open");
            for (String line = in.readLine(); "encode".equals(line); line = in.readLine()) {
                System.out.println("encoding");
                session.encode(cards.next(), false);
                System.out.println("encoded");
            }
            if ("exit".equals(in.readLine())) {
                System.exit(0); // as a program that forgets to close
            }
            session.close();
        } catch (StreamException e) {
            System.out.println(e.code() + ": " + e.getMessage());
        }
        device.close();
    }
}
