// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.testcard.TestcardReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fake driver, with its encoder that is exact and may refer to any picture: point 7, references that a client has lost. */
class LostPicturesTest {

    @TempDir
    private Path folder;

    /** What ffmpeg shows of a stream without some of its units: the numbers of the pictures, -1 where one is not to be read. */
    private List<Integer> seen(Units units, List<Long> lost) throws Exception {
        Path stream = folder.resolve("stream.h264");
        Path pictures = folder.resolve("pictures");
        try (FileChannel out = FileChannel.open(stream, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (AccessUnit unit : units.all()) {
                if (!lost.contains(unit.sequence())) {
                    out.write(unit.data().duplicate());
                }
            }
        }
        Process ffmpeg = new ProcessBuilder(
                        "ffmpeg",
                        "-v",
                        "quiet",
                        "-i",
                        stream.toString(),
                        "-fps_mode",
                        "passthrough",
                        "-pix_fmt",
                        "bgra",
                        "-f",
                        "rawvideo",
                        pictures.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(ffmpeg.waitFor()).isZero();
        List<Integer> numbers = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                FileChannel in = FileChannel.open(pictures)) {
            MemorySegment all = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size(), arena);
            int stride = 4 * FakeMachine.SIZE.width();
            long bytes = (long) stride * FakeMachine.SIZE.height();
            for (long at = 0; at < all.byteSize(); at += bytes) {
                HostSurface surface = new HostSurface(
                        PixelFormat.BGRA,
                        FakeMachine.SIZE,
                        List.of(new HostSurface.Plane(all.asSlice(at, bytes), stride)));
                numbers.add(
                        TestcardReader.read(surface).map(mark -> mark.number()).orElse(-1));
            }
        }
        return numbers;
    }

    private Units stream(Map<String, Long> behaviour, long firstLost, long lastLost, int heardAfter) {
        Units units = new Units();
        try (FakeMachine machine = FakeMachine.with(folder, behaviour);
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                EncoderSession session = machine.device().open(FakeMachine.SPEC, units)) {
            for (int i = 0; i < 24; i++) {
                if (i == heardAfter) {
                    session.lost(firstLost, lastLost);
                }
                session.encode(cards.next(), false);
            }
        }
        return units;
    }

    @Test
    void point_7_pictures_after_a_loss_refer_to_none_of_the_lost_and_need_no_key_frame() throws Exception {
        Units units = stream(Map.of("lossless", 1L), 8, 9, 12);
        assertThat(units.keyFrames()).containsExactly(0L);
        List<Integer> numbers = seen(units, List.of(8L, 9L));
        assertThat(numbers.subList(0, 8)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(numbers.subList(numbers.size() - 12, numbers.size()))
                .containsExactly(12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
    }

    @Test
    void point_7_a_loss_that_nobody_hears_of_spoils_what_refers_to_it() throws Exception {
        Units units = stream(Map.of("lossless", 1L), 0, 0, 99);
        assertThat(seen(units, List.of(8L, 9L)).subList(8, 22)).contains(-1);
    }

    @Test
    void point_7_a_driver_that_can_not_is_not_asked() {
        Units units = stream(Map.of("lossless", 1L, "invalidates", 0L), 8, 9, 12);
        assertThat(units.keyFrames()).containsExactly(0L);
    }

    @Test
    void point_7_a_loss_from_longer_ago_than_pictures_are_kept_changes_nothing() {
        Units units = stream(Map.of("lossless", 1L), 2, 3, 22);
        assertThat(units.keyFrames()).containsExactly(0L);
    }

    @Test
    void point_7_the_driver_refuses_a_time_stamp_that_it_does_not_keep() {
        var driver = FakeMachine.driver(folder, Map.of("lossless", 1L));
        RawStream stream = new RawStream(driver, structs -> structs).open(config -> {});
        for (int i = 0; i < 20; i++) {
            stream.unit(picture -> {});
        }
        assertThat(stream.library.invalidate(stream.session, 20)).isEqualTo(NvencStatus.SUCCESS);
        assertThat(stream.library.invalidate(stream.session, 3)).isEqualTo(NvencStatus.INVALID_PARAMETER);
        assertThat(stream.library.invalidate(stream.session, 99)).isEqualTo(NvencStatus.INVALID_PARAMETER);
        assertThat(driver.report()).hasSize(2).allMatch(line -> line.contains("no reference has the time stamp"));
    }
}
