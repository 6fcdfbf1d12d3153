// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.nvremote.media.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Real streams made by Debian's ffmpeg, cut into units at their delimiters, and programs run as peers. */
final class Recording {

    static final int WIDTH = 640;
    static final int HEIGHT = 360;
    static final int FRAMES = 300;

    /** A codec as ffmpeg makes it and writes it down. */
    enum Form {
        H264(
                "h264",
                "h264",
                "libx264 -preset ultrafast -tune zerolatency"
                        + " -x264-params aud=1:repeat-headers=1:slices=2:sliced-threads=0"),
        HEVC(
                "hevc",
                "hevc",
                "libx265 -preset ultrafast -tune zerolatency"
                        + " -x265-params log-level=error:aud=1:repeat-headers=1:keyint=60:min-keyint=60:slices=2"),
        AV1("av1", "obu", "libaom-av1 -usage realtime -cpu-used 8 -lag-in-frames 0 -row-mt 1 -threads 2");

        private final String name;
        final String format;
        private final String encoder;

        Form(String name, String format, String encoder) {
            this.name = name;
            this.format = format;
            this.encoder = encoder;
        }

        Codec codec() {
            return new Codec(name);
        }

        /** Whether a unit begins there. */
        boolean beginsUnit(byte[] stream, int at) {
            if (this == AV1) {
                return stream[at] == 0x12 && stream[at + 1] == 0;
            }
            boolean startCode = stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 0 && stream[at + 3] == 1;
            return startCode && (this == H264 ? stream[at + 4] == 9 : stream[at + 4] == 35 << 1);
        }

        /** Where the next unit could begin. */
        int next(byte[] stream, int at) {
            if (this != AV1) {
                return at + 1;
            }
            ByteBuffer obus = ByteBuffer.wrap(stream);
            int size = at + ((stream[at] & Av1Units.EXTENSION) == 0 ? 1 : 2);
            return size + Leb128.length(obus, size) + Leb128.read(obus, size, stream.length);
        }
    }

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

    /** 300 pictures of 640x360 at 60 a second, key frame each second, about 6 Mbit/s. */
    static byte[] make(Form form, Path folder) {
        Path file = folder.resolve("made." + form.format);
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i"));
        command.add("testsrc2=size=" + WIDTH + "x" + HEIGHT + ":rate=60");
        command.addAll(List.of("-frames:v", "" + FRAMES, "-pix_fmt", "yuv420p", "-c:v"));
        command.addAll(List.of(form.encoder.split(" ")));
        command.addAll(List.of("-g", "60", "-b:v", "6M", "-f", form.format, file.toString()));
        run(folder, command);
        return read(file);
    }

    /** Decodes with ffmpeg; all pictures one behind the other. */
    static byte[] decode(Form form, Path folder, byte[] stream) {
        try {
            Path in = Files.write(folder.resolve("in." + form.format), stream);
            Path out = folder.resolve("reference.yuv");
            List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y", "-f", form.format, "-i"));
            command.addAll(List.of(in.toString(), "-fps_mode", "passthrough", "-pix_fmt", "yuv420p"));
            command.addAll(List.of("-f", "rawvideo", out.toString()));
            run(folder, command);
            return read(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts a stream before each delimiter of units. */
    static List<byte[]> units(Form form, byte[] stream) {
        List<Integer> cuts = new ArrayList<>();
        for (int i = 0; i + 4 < stream.length; i = form.next(stream, i)) {
            if (form.beginsUnit(stream, i)) {
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
                    .redirectOutput(folder.resolve(Path.of(command.getFirst()).getFileName() + ".log")
                            .toFile())
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
                            read(folder.resolve(Path.of(command.getFirst()).getFileName() + ".log")),
                            java.nio.charset.StandardCharsets.UTF_8))
                    .isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
