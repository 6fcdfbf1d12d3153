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
import java.util.function.IntUnaryOperator;

/** Short clips made by ffmpeg, cut into access units at their delimiters. */
final class Clips {

    private Clips() {}

    /** H.264, 1280x720. */
    static List<byte[]> testPattern(Path folder) throws IOException, InterruptedException {
        String encoder = "libx264 -preset veryfast -tune zerolatency -b:v 4M -bsf:v h264_metadata=aud=insert";
        return split(made(folder, "1280x720", encoder, "h264"), i -> i + 1, Clips::beginsH264);
    }

    /** AV1, 640x360. */
    static List<byte[]> av1(Path folder) throws IOException, InterruptedException {
        String encoder = "libaom-av1 -usage realtime -cpu-used 8 -lag-in-frames 0 -b:v 2M";
        byte[] stream = made(folder, "640x360", encoder, "obu");
        return split(stream, i -> nextObu(stream, i), (all, i) -> all[i] == 0x12);
    }

    private static byte[] made(Path folder, String size, String encoder, String format)
            throws IOException, InterruptedException {
        Path file = folder.resolve("clip." + format);
        List<String> command =
                new ArrayList<>(List.of("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"));
        command.addAll(List.of("testsrc2=size=" + size + ":rate=30", "-t", "4", "-pix_fmt", "yuv420p", "-g", "1000"));
        command.add("-c:v");
        command.addAll(List.of(encoder.split(" ")));
        command.addAll(List.of("-f", format, "-y", file.toString()));
        Process ffmpeg;
        try {
            ffmpeg = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            missing("a clip made by software not ours", "ffmpeg");
            throw e;
        }
        if (!ffmpeg.waitFor(60, TimeUnit.SECONDS) || ffmpeg.exitValue() != 0) {
            ffmpeg.destroyForcibly();
            throw new IllegalStateException("ffmpeg made no clip");
        }
        return Files.readAllBytes(file);
    }

    /** An access unit delimiter (NAL type 9). */
    private static boolean beginsH264(byte[] stream, int at) {
        return at + 4 < stream.length
                && stream[at] == 0
                && stream[at + 1] == 0
                && stream[at + 2] == 0
                && stream[at + 3] == 1
                && (stream[at + 4] & 0x1f) == 9;
    }

    /** Behind an OBU, which has its size (AV1 section 5.3). */
    private static int nextObu(byte[] stream, int at) {
        int i = at + ((stream[at] & 4) == 0 ? 1 : 2);
        int size = 0;
        int shift = 0;
        while (stream[i] < 0) {
            size |= (stream[i++] & 0x7f) << shift;
            shift += 7;
        }
        size |= stream[i++] << shift;
        return i + size;
    }

    private interface Begins {
        boolean at(byte[] stream, int place);
    }

    private static List<byte[]> split(byte[] stream, IntUnaryOperator next, Begins begins) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < stream.length; i = next.applyAsInt(i)) {
            if (begins.at(stream, i)) {
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
