// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.encode.nvenc.NvencProbe;
import io.nvremote.media.Codec;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.testcard.TestcardReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Two pictures are cut out of a stream and the encoder hears of it three later: from there on pictures refer to none of the lost, and
 * need no key frame. Decoded by ffmpeg: the project's own decoder takes no picture after a gap.
 */
final class LossCheck {

    private static final Size SIZE = new Size(640, 360);
    private static final int PICTURES = 24;
    private static final int FIRST_LOST = 8;
    private static final int LAST_LOST = 9;
    private static final int HEARD = 12;

    private final CheckMachine machine;
    private final Codec codec;

    LossCheck(CheckMachine machine, Codec codec) {
        this.machine = machine;
        this.codec = codec;
    }

    Outcome run() throws IOException, InterruptedException {
        CodedUnits units = new CodedUnits();
        try (OpenEncoder encoder = OpenEncoder.of(machine, codec)) {
            if (!new NvencProbe(machine.encoder()).invalidates(codec)) {
                throw new NotProven("this GPU takes no word of lost references for " + codec.name());
            }
            encode(encoder, units);
        }
        if (!units.keyFrames().equals(List.of(0))) {
            machine.onlyAGpuShows("the CPU's encoder in it has no older picture to refer to, and makes a key frame");
            return Outcome.fail("a loss cost a key frame: " + units.keyFrames());
        }
        if (codec.equals(Codec.AV1)) {
            throw new NotProven("no decoder here goes on after a gap in AV1");
        }
        List<Integer> seen = seen(units);
        List<Integer> wanted = IntStream.range(HEARD, PICTURES).boxed().toList();
        boolean right = seen.size() >= wanted.size()
                && seen.subList(seen.size() - wanted.size(), seen.size()).equals(wanted);
        return Outcome.passIf(
                right,
                right
                        ? "every picture after the encoder heard of a loss is whole, without a key frame"
                        : "after a loss pictures are not whole; -1 are those that can't be read: " + seen);
    }

    private void encode(OpenEncoder encoder, CodedUnits units) {
        EncodeSpec spec = EncodeSpec.of(codec, SIZE, new FrameRate(60), Bitrate.ofMegabits(4));
        try (Cards cards = new Cards(SIZE, false);
                EncoderSession session = encoder.encoder().open(spec, units)) {
            for (int i = 0; i < PICTURES; i++) {
                if (i == HEARD) {
                    session.lost(FIRST_LOST, LAST_LOST);
                }
                session.encode(cards.next(), false);
            }
        }
    }

    /** Numbers of the cards that ffmpeg shows of the stream without what was lost; -1 where one is not to be read. */
    private List<Integer> seen(CodedUnits units) throws IOException, InterruptedException {
        Path stream = machine.work().resolve("loss." + (codec.equals(Codec.HEVC) ? "hevc" : "h264"));
        Path pictures = machine.work().resolve("loss.bgra");
        try (OutputStream out = Files.newOutputStream(stream)) {
            for (int i = 0; i < units.count(); i++) {
                if (i < FIRST_LOST || i > LAST_LOST) {
                    out.write(units.data(i));
                }
            }
        }
        decode(stream, pictures);
        List<Integer> numbers = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                FileChannel in = FileChannel.open(pictures)) {
            MemorySegment all = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size(), arena);
            long bytes = 4L * SIZE.width() * SIZE.height();
            for (long at = 0; at + bytes <= all.byteSize(); at += bytes) {
                HostSurface surface = new HostSurface(
                        PixelFormat.BGRA,
                        SIZE,
                        List.of(new HostSurface.Plane(all.asSlice(at, bytes), 4 * SIZE.width())));
                numbers.add(
                        TestcardReader.read(surface).map(mark -> mark.number()).orElse(-1));
            }
        }
        return numbers;
    }

    private static void decode(Path stream, Path pictures) throws InterruptedException, IOException {
        Process ffmpeg;
        try {
            ffmpeg = new ProcessBuilder(List.of(
                            "ffmpeg",
                            "-v",
                            "quiet",
                            "-y",
                            "-i",
                            stream.toString(),
                            "-fps_mode",
                            "passthrough",
                            "-pix_fmt",
                            "bgra",
                            "-f",
                            "rawvideo",
                            pictures.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new NotProven("it takes the command ffmpeg to decode after a gap (Debian: ffmpeg)");
        }
        ffmpeg.getOutputStream().close();
        if (ffmpeg.waitFor() != 0) {
            throw new IOException("ffmpeg decodes nothing of the stream");
        }
    }
}
