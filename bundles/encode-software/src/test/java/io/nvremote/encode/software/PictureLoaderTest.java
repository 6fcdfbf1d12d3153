// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.wrap.ffmpeg.Ffmpeg;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However little of a frame is converted, the encoder's picture is what the conversion of the whole frame gives. */
class PictureLoaderTest {

    /** Neither is a multiple of the band, and the last band is a small one. */
    private static final Size SIZE = new Size(320, 182);

    private static final Object SESSION = new Object();

    private final Arena arena = Arena.ofShared();
    private final Random random = new Random(7);
    private final MemorySegment pixels = arena.allocate(4L * SIZE.width() * SIZE.height() + 64, 64);
    private final HostSurface surface =
            new HostSurface(PixelFormat.BGRA, SIZE, List.of(new HostSurface.Plane(pixels, SIZE.width() * 4)));
    private final List<AVFrame> pictures = new ArrayList<>();
    private final List<PictureLoader> loaders = new ArrayList<>();
    private AVFrame picture;
    private PictureLoader loader;

    private record Shot(
            HostSurface surface, long sequence, @Nullable Damage damage) implements Frame {
        @Override
        public StageStamps stamps() {
            return StageStamps.captured(1, 1);
        }

        @Override
        public Retained retain() {
            throw new UnsupportedOperationException("the encoder does not retain");
        }
    }

    @BeforeEach
    void open() {
        Ffmpeg.load();
        picture = picture();
        loader = loader(picture);
        draw(0, SIZE.height());
    }

    @AfterEach
    void free() {
        loaders.forEach(PictureLoader::close);
        pictures.forEach(avutil::av_frame_free);
        arena.close();
    }

    private AVFrame picture() {
        AVFrame made = avutil.av_frame_alloc();
        made.format(avutil.AV_PIX_FMT_YUV420P).width(SIZE.width()).height(SIZE.height());
        assertThat(avutil.av_frame_get_buffer(made, 0)).isZero();
        pictures.add(made);
        return made;
    }

    private PictureLoader loader(AVFrame into) {
        PictureLoader made = new PictureLoader(SIZE, into);
        made.warmUp();
        loaders.add(made);
        return made;
    }

    private void draw(int fromRow, int toRow) {
        long stride = SIZE.width() * 4L;
        for (long at = fromRow * stride; at < toRow * stride; at += 4) {
            pixels.set(ValueLayout.JAVA_INT, at, random.nextInt());
        }
    }

    private static BitSet rows(int from, int to) {
        BitSet rows = new BitSet();
        rows.set(from, to);
        return rows;
    }

    private Shot shot(long sequence, BitSet rows) {
        return new Shot(surface, sequence, new Damage(SESSION, rows));
    }

    /** All samples, plane by plane. */
    private static List<byte[]> samples(AVFrame of) {
        List<byte[]> all = new ArrayList<>();
        for (int plane = 0; plane < 3; plane++) {
            int width = plane == 0 ? SIZE.width() : SIZE.width() / 2;
            int height = plane == 0 ? SIZE.height() : SIZE.height() / 2;
            for (int y = 0; y < height; y++) {
                byte[] row = new byte[width];
                new BytePointer(of.data(plane))
                        .position((long) y * of.linesize(plane))
                        .get(row);
                all.add(row);
            }
        }
        return all;
    }

    private void assertWhole() {
        AVFrame other = picture();
        loader(other).load(new Shot(surface, 0, null));
        assertThat(samples(picture)).containsExactlyElementsOf(samples(other));
    }

    @Test
    void the_rows_that_changed_are_enough_when_the_frame_before_was_loaded() {
        loader.load(shot(4, rows(0, SIZE.height())));
        int[][] changes = {{0, 1}, {31, 33}, {64, 96}, {100, 101}, {181, 182}, {17, 170}, {0, 182}, {90, 90}};
        long sequence = 5;
        for (int[] change : changes) {
            draw(change[0], change[1]);
            loader.load(shot(sequence++, rows(change[0], change[1])));
            assertWhole();
        }
    }

    @Test
    void rows_that_did_not_change_are_not_converted_again() {
        loader.load(shot(0, rows(0, SIZE.height())));
        List<byte[]> before = samples(picture);
        draw(0, SIZE.height());
        loader.load(shot(1, rows(160, 162)));
        List<byte[]> after = samples(picture);
        assertThat(after.subList(0, 160)).containsExactlyElementsOf(before.subList(0, 160));
        assertThat(after.get(161)).isNotEqualTo(before.get(161));
    }

    @Test
    void after_a_skipped_frame_the_whole_picture_is_converted() {
        loader.load(shot(0, rows(0, SIZE.height())));
        draw(50, 60); // what frame 1 would have brought
        draw(150, 151);
        loader.load(shot(2, rows(150, 151)));
        assertWhole();
    }

    @Test
    void the_same_frame_again_is_converted_whole() {
        loader.load(shot(0, rows(0, SIZE.height())));
        draw(50, 60);
        loader.load(shot(0, rows(0, 0)));
        assertWhole();
    }

    @Test
    void a_frame_of_another_session_is_converted_whole() {
        loader.load(shot(0, rows(0, SIZE.height())));
        draw(0, SIZE.height());
        loader.load(new Shot(surface, 1, new Damage(new Object(), rows(3, 4))));
        assertWhole();
    }

    @Test
    void after_a_frame_that_tells_no_damage_the_whole_picture_is_converted() {
        loader.load(shot(0, rows(0, SIZE.height())));
        loader.load(new Shot(surface, 1, null));
        draw(0, SIZE.height());
        loader.load(shot(2, rows(3, 4)));
        assertWhole();
    }

    @Test
    void a_new_encoder_begins_with_the_whole_picture() {
        loader.load(shot(0, rows(0, SIZE.height())));
        draw(20, 30);
        picture = picture();
        loader(picture).load(shot(1, rows(20, 30)));
        assertWhole();
    }

    @Test
    void after_a_refused_frame_the_whole_picture_is_converted() {
        loader.load(shot(0, rows(0, SIZE.height())));
        draw(20, 30);
        HostSurface small =
                new HostSurface(PixelFormat.BGRA, SIZE, List.of(new HostSurface.Plane(pixels.asSlice(0, 64), 1280)));
        assertThatThrownBy(() -> loader.load(new Shot(small, 1, new Damage(SESSION, rows(20, 30)))))
                .hasMessageContaining("native memory");
        draw(90, 95);
        loader.load(shot(2, rows(90, 95)));
        assertWhole();
    }
}
