// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short H.264 clip made by ffmpeg, cut into access units at its delimiters. */
final class Clips {

    private Clips() {}

    static List<byte[]> testPattern(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("clip.h264");
        Process ffmpeg;
        try {
            ffmpeg = new ProcessBuilder(
                            "ffmpeg",
                            "-nostdin",
                            "-loglevel",
                            "error",
                            "-f",
                            "lavfi",
                            "-i",
                            "testsrc2=size=1280x720:rate=30",
                            "-t",
                            "4",
                            "-pix_fmt",
                            "yuv420p",
                            "-c:v",
                            "libx264",
                            "-preset",
                            "veryfast",
                            "-tune",
                            "zerolatency",
                            "-g",
                            "1000",
                            "-b:v",
                            "4M",
                            "-bsf:v",
                            "h264_metadata=aud=insert",
                            "-f",
                            "h264",
                            "-y",
                            file.toString())
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            missing("a clip made by software not ours", "ffmpeg");
            throw e;
        }
        if (!ffmpeg.waitFor(60, TimeUnit.SECONDS) || ffmpeg.exitValue() != 0) {
            ffmpeg.destroyForcibly();
            throw new IllegalStateException("ffmpeg made no clip");
        }
        return split(Files.readAllBytes(file));
    }

    /** Cuts before each access unit delimiter (NAL type 9). */
    private static List<byte[]> split(byte[] stream) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i + 4 < stream.length; i++) {
            if (stream[i] == 0
                    && stream[i + 1] == 0
                    && stream[i + 2] == 0
                    && stream[i + 3] == 1
                    && (stream[i + 4] & 0x1f) == 9) {
                starts.add(i);
            }
        }
        starts.add(stream.length);
        List<byte[]> units = new ArrayList<>();
        for (int i = 0; i + 1 < starts.size(); i++) {
            units.add(Arrays.copyOfRange(stream, starts.get(i), starts.get(i + 1)));
        }
        return units;
    }

    /** Never passes silently. */
    static void missing(String what, String debianPackage) {
        String message = "NOT PROVEN: " + what + ": " + debianPackage;
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        abort(message);
    }
}
