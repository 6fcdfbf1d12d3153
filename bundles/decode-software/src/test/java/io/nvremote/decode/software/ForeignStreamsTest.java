// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.DecoderSession.Decoded;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.HostSurface;
import io.nvremote.media.StageStamps;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of other authors' encoders, as Debian's ffmpeg makes and decodes them. */
class ForeignStreamsTest {

    private static final int WIDTH = 320;
    private static final int HEIGHT = 192;
    private static final int PICTURES = 90;
    private static final int KEY_EVERY = 40;
    private static final int LOST = 50;

    /** Without delay; AV1 also with an order hint of another length, with timing, and with many threads' tiles. */
    enum Made {
        X264("h264", "h264", "libx264 -preset ultrafast -tune zerolatency -x264-params aud=1:repeat-headers=1"),
        X264_HIGH("h264", "h264", "libx264 -preset medium -bf 0 -x264-params aud=1:repeat-headers=1:rc-lookahead=0"),
        X265(
                "hevc",
                "hevc",
                "libx265 -preset ultrafast -tune zerolatency -x265-params log-level=error:aud=1:repeat-headers=1"),
        X265_MEDIUM(
                "hevc",
                "hevc",
                "libx265 -preset medium -tune zerolatency -x265-params log-level=error:aud=1:repeat-headers=1:open-gop=0"),
        AOM("av1", "obu", "libaom-av1 -usage realtime -cpu-used 8 -lag-in-frames 0"),
        AOM_GOOD("av1", "obu", "libaom-av1 -cpu-used 8 -lag-in-frames 0 -tiles 2x2"),
        /** How a picture is coded does not depend on the ones before: a decoder sees no fault where one was lost. */
        AOM_PARALLEL(
                "av1",
                "obu",
                "libaom-av1 -usage realtime -cpu-used 8 -lag-in-frames 0"
                        + " -aom-params frame-parallel=1:enable-ref-frame-mvs=0"),
        SVT("av1", "obu", "libsvtav1 -preset 12 -svtav1-params pred-struct=1"),
        RAV1E("av1", "obu", "librav1e -speed 10 -rav1e-params low_latency=true");

        private final String codec;
        private final String format;
        private final String encoder;

        Made(String codec, String format, String encoder) {
            this.codec = codec;
            this.format = format;
            this.encoder = encoder;
        }

        private Codec codec() {
            return new Codec(codec);
        }

        private boolean beginsUnit(byte[] stream, int at) {
            if (format.equals("obu")) {
                return stream[at] == 0x12 && stream[at + 1] == 0;
            }
            boolean startCode = stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 0 && stream[at + 3] == 1;
            return startCode && stream[at + 4] == (format.equals("h264") ? 9 : 35 << 1);
        }

        /** Where the next unit could begin. */
        private int next(byte[] stream, int at) {
            if (!format.equals("obu")) {
                return at + 1;
            }
            int i = at + ((stream[at] & 4) == 0 ? 1 : 2);
            int size = 0;
            int shift = 0;
            while (stream[i] < 0) {
                size |= (stream[i++] & 0x7F) << shift;
                shift += 7;
            }
            return i + 1 + (size | stream[i] << shift);
        }
    }

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsFfmpeg() {
        if (Files.isExecutable(Path.of("/usr/bin/ffmpeg"))) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            fail("ffmpeg is needed: install the Debian package ffmpeg");
        }
        Assumptions.abort("NOT PROVEN: streams of other authors' encoders: install the Debian package ffmpeg");
    }

    @ParameterizedTest
    @EnumSource
    void every_picture_is_bit_exact_and_comes_with_its_unit(Made made) throws Exception {
        List<byte[]> units = units(made);
        assertThat(units).hasSize(PICTURES);
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (DecoderSession session =
                SoftwareDecoder.standalone().open(made.codec(), frame -> write(frame.host(), seen))) {
            for (int i = 0; i < PICTURES; i++) {
                assertThat(session.decode(unit(made, units, i)))
                        .as("picture " + i)
                        .isEqualTo(Decoded.PICTURE);
            }
        }
        assertThat(Arrays.equals(seen.toByteArray(), reference(made))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_unit_that_never_came_is_noticed_until_the_next_key_frame(Made made) throws Exception {
        List<byte[]> units = units(made);
        List<Decoded> results = new ArrayList<>();
        try (DecoderSession session = SoftwareDecoder.standalone().open(made.codec(), frame -> {})) {
            for (int i = 0; i < PICTURES; i++) {
                results.add(i == LOST ? Decoded.NEED_KEY_FRAME : session.decode(unit(made, units, i)));
            }
        }
        assertThat(results.subList(0, LOST)).containsOnly(Decoded.PICTURE);
        assertThat(results.subList(LOST, 2 * KEY_EVERY)).containsOnly(Decoded.NEED_KEY_FRAME);
        assertThat(results.subList(2 * KEY_EVERY, PICTURES)).containsOnly(Decoded.PICTURE);
    }

    private static AccessUnit unit(Made made, List<byte[]> units, int i) {
        return new AccessUnit(
                made.codec(), ByteBuffer.wrap(units.get(i)), i % KEY_EVERY == 0, i, StageStamps.captured(1, 2));
    }

    private List<byte[]> units(Made made) throws Exception {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i"));
        command.add("testsrc2=size=" + WIDTH + "x" + HEIGHT + ":rate=30");
        command.addAll(List.of("-frames:v", "" + PICTURES, "-pix_fmt", "yuv420p", "-c:v"));
        command.addAll(List.of(made.encoder.split(" ")));
        command.addAll(List.of("-g", "" + KEY_EVERY, "-keyint_min", "" + KEY_EVERY, "-sc_threshold", "0"));
        command.addAll(List.of("-b:v", "1M", "-f", made.format, "made." + made.format));
        run(command);
        byte[] stream = Files.readAllBytes(folder.resolve("made." + made.format));
        List<byte[]> units = new ArrayList<>();
        int begin = 0;
        for (int i = made.next(stream, 0); i + 4 < stream.length; i = made.next(stream, i)) {
            if (made.beginsUnit(stream, i)) {
                units.add(Arrays.copyOfRange(stream, begin, i));
                begin = i;
            }
        }
        units.add(Arrays.copyOfRange(stream, begin, stream.length));
        return units;
    }

    private byte[] reference(Made made) throws Exception {
        run(List.of(
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-i",
                "made." + made.format,
                "-fps_mode",
                "passthrough",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "yuv420p",
                "all.yuv"));
        return Files.readAllBytes(folder.resolve("all.yuv"));
    }

    private void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("log.txt")))
                .isZero();
    }

    private static void write(HostSurface picture, ByteArrayOutputStream to) {
        for (int plane = 0; plane < 3; plane++) {
            HostSurface.Plane from = picture.planes().get(plane);
            byte[] row = new byte[plane == 0 ? WIDTH : WIDTH / 2];
            for (int y = 0; y < (plane == 0 ? HEIGHT : HEIGHT / 2); y++) {
                MemorySegment.copy(
                        from.memory(), ValueLayout.JAVA_BYTE, (long) y * from.strideBytes(), row, 0, row.length);
                to.write(row, 0, row.length);
            }
        }
    }
}
