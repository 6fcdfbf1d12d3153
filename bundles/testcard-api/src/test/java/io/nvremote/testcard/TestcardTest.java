// SPDX-License-Identifier: Apache-2.0
package io.nvremote.testcard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestcardTest {

    private static final TestcardMark MARK = new TestcardMark(0x89ABCDEF, 0x04, 65535, 0, 12345);

    private static HostSurface bgra(Arena arena, Size size) {
        int stride = size.width() * 4 + 64;
        MemorySegment memory = arena.allocate((long) stride * size.height());
        return new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(memory, stride)));
    }

    @Test
    void what_is_painted_is_read_back_at_every_usual_size() {
        for (Size size : List.of(
                new Size(640, 360),
                new Size(800, 600),
                new Size(1280, 720),
                new Size(1365, 767),
                new Size(1920, 1080),
                new Size(3840, 2160))) {
            try (Arena arena = Arena.ofConfined()) {
                HostSurface surface = bgra(arena, size);
                TestcardPainter painter = new TestcardPainter(size);
                for (int number : new int[] {0, 1, 77, Integer.MAX_VALUE, -1}) {
                    TestcardMark mark = new TestcardMark(number, 4, 1, 30000, 65535);
                    painter.paint(surface, mark);
                    assertThat(TestcardReader.read(surface))
                            .as(size + " number " + number)
                            .contains(mark);
                }
            }
        }
    }

    @Test
    void a_picture_put_together_from_two_is_refused() {
        Size size = new Size(1280, 720);
        try (Arena arena = Arena.ofConfined()) {
            HostSurface one = bgra(arena, size);
            HostSurface next = bgra(arena, size);
            TestcardPainter painter = new TestcardPainter(size);
            painter.paint(one, MARK);
            painter.paint(next, new TestcardMark(MARK.number() + 1, 4, 1, 0, 0));
            MemorySegment upper = one.planes().getFirst().memory();
            MemorySegment lower = next.planes().getFirst().memory();
            for (int rows : new int[] {100, 360, 700}) {
                MemorySegment torn = arena.allocate(upper.byteSize());
                torn.copyFrom(upper);
                long from = (long) rows * one.planes().getFirst().strideBytes();
                torn.asSlice(from).copyFrom(lower.asSlice(from));
                HostSurface surface = new HostSurface(
                        PixelFormat.BGRA,
                        size,
                        List.of(new HostSurface.Plane(
                                torn, one.planes().getFirst().strideBytes())));
                assertThat(TestcardReader.read(surface))
                        .as("torn after row " + rows)
                        .isEmpty();
            }
        }
    }

    @Test
    void grey_pictures_and_flipped_bits_are_refused() {
        Size size = new Size(1280, 720);
        try (Arena arena = Arena.ofConfined()) {
            HostSurface surface = bgra(arena, size);
            MemorySegment memory = surface.planes().getFirst().memory();
            memory.fill((byte) 126);
            assertThat(TestcardReader.read(surface)).isEmpty();
            new TestcardPainter(size).paint(surface, MARK);
            int stride = surface.planes().getFirst().strideBytes();
            for (int y = 0; y < 16; y++) {
                for (int x = 0; x < 16; x++) {
                    long offset = (long) y * stride + 4L * x;
                    memory.set(
                            ValueLayout.JAVA_INT_UNALIGNED,
                            offset,
                            ~memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset));
                }
            }
            assertThat(TestcardReader.read(surface)).isEmpty();
        }
    }

    @Test
    void a_size_without_room_is_refused() {
        assertThat(TestcardPainter.fits(new Size(320, 240))).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TestcardPainter(new Size(320, 240)))
                .withMessageContaining("320x240");
    }
}
