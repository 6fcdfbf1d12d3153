// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes in as a colour comes out as its BT.709 value (ITU-R BT.709-6 section 3, limited range), from any format. */
class PictureConversionTest {

    private final Arena arena = Arena.ofShared();

    private record StillFrame(HostSurface surface) implements Frame {
        @Override
        public long sequence() {
            return 0;
        }

        @Override
        public StageStamps stamps() {
            return StageStamps.captured(1, 1);
        }

        @Override
        public Retained retain() {
            throw new UnsupportedOperationException("the encoder does not retain");
        }
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private HostSurface.Plane plane(int stride, int rows, int value) {
        return new HostSurface.Plane(arena.allocate((long) stride * rows).fill((byte) value), stride);
    }

    private HostSurface bgra(Size size, int argb) {
        MemorySegment memory = arena.allocate(4L * size.width() * size.height());
        for (long i = 0; i < memory.byteSize(); i += 4) {
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, i, argb);
        }
        return new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(memory, size.width() * 4)));
    }

    /** Mean of each decoded plane, after a few pictures so that the coder has settled. */
    private static List<Integer> decoded(HostSurface surface) {
        List<Integer> means = new ArrayList<>();
        try (DecoderSession decoder = SoftwareDecoder.standalone().open(Codec.H264, frame -> {
                    means.clear();
                    frame.host().planes().forEach(plane -> means.add(mean(plane)));
                });
                EncoderSession encoder = SoftwareEncoder.standalone()
                        .open(
                                EncodeSpec.of(Codec.H264, surface.size(), new FrameRate(60), Bitrate.ofMegabits(8)),
                                unit -> assertThat(decoder.decode(unit)).isEqualTo(DecoderSession.Decoded.PICTURE))) {
            for (int i = 0; i < 5; i++) {
                encoder.encode(new StillFrame(surface), false);
            }
        }
        return means;
    }

    private static int mean(HostSurface.Plane plane) {
        long sum = 0;
        int columns = plane.strideBytes() / 4;
        for (int x = 0; x < columns; x++) {
            sum += Byte.toUnsignedInt(plane.memory().get(ValueLayout.JAVA_BYTE, 16L * plane.strideBytes() + x));
        }
        return (int) (sum / columns);
    }

    private static void assertColour(List<Integer> planes, int luma, int blue, int red) {
        assertThat(planes.get(0)).as("luma").isCloseTo(luma, within(2));
        assertThat(planes.get(1)).as("Cb").isCloseTo(blue, within(2));
        assertThat(planes.get(2)).as("Cr").isCloseTo(red, within(2));
    }

    @Test
    void white_black_and_the_primaries_become_their_bt709_values() {
        Size size = new Size(320, 240);
        assertColour(decoded(bgra(size, 0xFFFFFFFF)), 235, 128, 128);
        assertColour(decoded(bgra(size, 0xFF000000)), 16, 128, 128);
        assertColour(decoded(bgra(size, 0xFFFF0000)), 63, 102, 240);
        assertColour(decoded(bgra(size, 0xFF00FF00)), 173, 42, 26);
        assertColour(decoded(bgra(size, 0xFF0000FF)), 32, 240, 118);
    }

    @Test
    void nv12_and_i420_pass_through_unchanged() {
        Size size = new Size(320, 240);
        MemorySegment chroma = arena.allocate(320L * 120);
        for (long i = 0; i < chroma.byteSize(); i += 2) {
            chroma.set(ValueLayout.JAVA_BYTE, i, (byte) 90);
            chroma.set(ValueLayout.JAVA_BYTE, i + 1, (byte) 170);
        }
        assertColour(
                decoded(new HostSurface(
                        PixelFormat.NV12, size, List.of(plane(320, 240, 100), new HostSurface.Plane(chroma, 320)))),
                100,
                90,
                170);
        assertColour(
                decoded(new HostSurface(
                        PixelFormat.I420,
                        size,
                        List.of(plane(384, 240, 100), plane(192, 120, 90), plane(192, 120, 170)))),
                100,
                90,
                170);
    }

    @Test
    void odd_sizes_lose_their_last_column_and_row_only() {
        for (Size size : List.of(new Size(321, 241), new Size(1365, 767), new Size(322, 182))) {
            assertColour(decoded(bgra(size, 0xFFFF0000)), 63, 102, 240);
        }
    }

    @Test
    void memory_that_is_too_small_or_on_the_heap_is_refused() {
        Size size = new Size(320, 240);
        List<HostSurface> wrong = List.of(
                new HostSurface(PixelFormat.BGRA, size, List.of(plane(320 * 4, 239, 0))),
                new HostSurface(PixelFormat.BGRA, size, List.of(plane(320, 240 * 4, 0))),
                new HostSurface(
                        PixelFormat.BGRA,
                        size,
                        List.of(new HostSurface.Plane(MemorySegment.ofArray(new byte[320 * 240 * 4]), 320 * 4))),
                new HostSurface(new PixelFormat("P010", 2), size, List.of(plane(640, 240, 0), plane(640, 120, 0))));
        for (HostSurface surface : wrong) {
            assertThatThrownBy(() -> decoded(surface))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.FRAME_REFUSED));
        }
    }
}
