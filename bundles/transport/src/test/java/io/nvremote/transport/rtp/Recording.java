// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Real H.264 made by Debian's ffmpeg, cut into access units at their delimiters, and programs run as peers. */
final class Recording {

    static final int WIDTH = 640;
    static final int HEIGHT = 360;
    static final int FRAMES = 300;

    private Recording() {}

    /** Aborts the test, or fails it under CI, if the machine lacks a program. */
    static void needs(String program, String debianPackages) {
        boolean there = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!there) {
            String message = "NOT PROVEN: interoperation with " + program + ": " + debianPackages;
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            Assumptions.abort(message);
        }
    }

    /** 300 pictures of 640x360 at 60 a second, key frame each second, about 6 Mbit/s, as one Annex B stream. */
    static byte[] make(Path folder) {
        Path file = folder.resolve("made.h264");
        run(
                folder,
                List.of(
                        "ffmpeg",
                        "-v",
                        "error",
                        "-y",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=" + WIDTH + "x" + HEIGHT + ":rate=60",
                        "-frames:v",
                        "" + FRAMES,
                        "-pix_fmt",
                        "yuv420p",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-tune",
                        "zerolatency",
                        "-g",
                        "60",
                        "-b:v",
                        "6M",
                        "-x264-params",
                        "aud=1:repeat-headers=1:slices=2:sliced-threads=0",
                        "-f",
                        "h264",
                        file.toString()));
        return read(file);
    }

    /** Decodes with ffmpeg; all pictures one behind the other. */
    static byte[] decode(Path folder, byte[] stream) {
        try {
            Path in = Files.write(folder.resolve("in.h264"), stream);
            Path out = folder.resolve("reference.yuv");
            run(
                    folder,
                    List.of(
                            "ffmpeg",
                            "-v",
                            "error",
                            "-y",
                            "-f",
                            "h264",
                            "-i",
                            in.toString(),
                            "-fps_mode",
                            "passthrough",
                            "-pix_fmt",
                            "yuv420p",
                            "-f",
                            "rawvideo",
                            out.toString()));
            return read(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts a stream before each access unit delimiter. */
    static List<byte[]> units(byte[] stream) {
        List<Integer> cuts = new ArrayList<>();
        for (int i = 0; i + 4 < stream.length; i++) {
            if (stream[i] == 0
                    && stream[i + 1] == 0
                    && stream[i + 2] == 0
                    && stream[i + 3] == 1
                    && stream[i + 4] == 9) {
                cuts.add(i);
            }
        }
        cuts.add(stream.length);
        List<byte[]> units = new ArrayList<>();
        for (int i = 0; i + 1 < cuts.size(); i++) {
            units.add(Arrays.copyOfRange(stream, cuts.get(i), cuts.get(i + 1)));
        }
        return units;
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a program; its output goes to a file beside, which failures quote. */
    static Process start(Path folder, List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(command.getFirst() + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Path folder, List<String> command) {
        Process process = start(folder, command);
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("%s ends", command.getFirst())
                    .isTrue();
            assertThat(process.exitValue())
                    .as(new String(
                            read(folder.resolve(command.getFirst() + ".log")), java.nio.charset.StandardCharsets.UTF_8))
                    .isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
