// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.tests.drivers.FakeDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fake driver, which computes the kernel in C: the picture on the GPU against one computed here. */
class Nv12KernelTest {

    @TempDir
    private Path folder;

    /** Pictures of a width and height, in rows that are some bytes longer than they have to be. */
    @ParameterizedTest
    @CsvSource({"16, 16, 0", "18, 16, 4", "640, 360, 0", "642, 362, 60", "130, 50, 12", "1000, 34, 8", "4096, 18, 0"})
    void each_sample_is_what_it_is_here(int width, int height, int behindEachRow) {
        FakeDriver driver = FakeMachine.driver(folder, Map.of());
        Size size = new Size(width, height);
        try (Arena arena = Arena.ofConfined()) {
            int stride = 4 * width + behindEachRow;
            MemorySegment pixels = arena.allocate((long) stride * height, 16);
            byte[] random = new byte[(int) pixels.byteSize()];
            new Random(width).nextBytes(random);
            MemorySegment.copy(random, 0, pixels, JAVA_BYTE, 0, random.length);
            byte[] made = onTheGpu(driver, size, bgra(size, pixels, stride));
            assertThat(made).isEqualTo(here(size, pixels, stride));
        }
        assertThat(driver.report()).isEmpty();
        assertThat(driver.open()).isEmpty();
    }

    @Test
    void saturated_colours_are_those_of_bt_709_in_limited_range() {
        FakeDriver driver = FakeMachine.driver(folder, Map.of());
        Size size = new Size(16, 16);
        int[][] colours = {
            {0, 0, 0, 16, 128, 128},
            {255, 255, 255, 235, 128, 128},
            {255, 0, 0, 63, 102, 240},
            {0, 255, 0, 173, 42, 26},
            {0, 0, 255, 32, 240, 118},
            {255, 255, 0, 219, 16, 138},
            {128, 128, 128, 126, 128, 128}
        };
        for (int[] colour : colours) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment pixels = arena.allocate(4L * 16 * 16, 16);
                for (int i = 0; i < 256; i++) {
                    pixels.set(JAVA_INT, 4L * i, colour[0] << 16 | colour[1] << 8 | colour[2]);
                }
                byte[] made = onTheGpu(driver, size, bgra(size, pixels, 64));
                assertThat(made[0] & 0xFF).isEqualTo(colour[3]);
                assertThat(made[256] & 0xFF).isEqualTo(colour[4]);
                assertThat(made[257] & 0xFF).isEqualTo(colour[5]);
            }
        }
    }

    @Test
    void a_picture_in_nv12_is_taken_as_it_is() {
        FakeDriver driver = FakeMachine.driver(folder, Map.of());
        Size size = new Size(64, 32);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment luma = arena.allocate(80 * 32);
            MemorySegment chroma = arena.allocate(70 * 16);
            byte[] expected = new byte[64 * 48];
            for (int i = 0; i < expected.length; i++) {
                int row = i / 64;
                expected[i] = (byte) (i * 7 + row);
                MemorySegment plane = row < 32 ? luma : chroma;
                plane.set(JAVA_BYTE, (row < 32 ? row * 80L : (row - 32) * 70L) + i % 64, expected[i]);
            }
            HostSurface surface = new HostSurface(
                    PixelFormat.NV12,
                    size,
                    List.of(new HostSurface.Plane(luma, 80), new HostSurface.Plane(chroma, 70)));
            assertThat(onTheGpu(driver, size, surface)).isEqualTo(expected);
        }
    }

    @Test
    void a_picture_that_is_not_all_there_is_refused_before_it_is_read() {
        FakeDriver driver = FakeMachine.driver(folder, Map.of());
        Size size = new Size(64, 32);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = arena.allocate(4 * 64 * 32);
            for (HostSurface wrong : List.of(
                    bgra(size, whole.asSlice(0, whole.byteSize() - 1), 256),
                    bgra(size, whole, 255),
                    bgra(size, MemorySegment.ofArray(new byte[4 * 64 * 32]), 256),
                    new HostSurface(new PixelFormat("BGR", 1), size, List.of(new HostSurface.Plane(whole, 256))))) {
                assertThatThrownBy(() -> onTheGpu(driver, size, wrong))
                        .isInstanceOfSatisfying(
                                StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.FRAME_REFUSED));
            }
        }
        assertThat(driver.report()).isEmpty();
        assertThat(driver.open()).isEmpty();
    }

    private static HostSurface bgra(Size size, MemorySegment pixels, int stride) {
        return new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(pixels, stride)));
    }

    private static byte[] onTheGpu(FakeDriver driver, Size size, HostSurface surface) {
        Cuda cuda = new Cuda(driver.folder());
        Gpu gpu = cuda.gpus().getFirst();
        cuda.push(cuda.retain(gpu));
        try (Arena arena = Arena.ofConfined();
                Nv12Kernel kernel = new Nv12Kernel(cuda);
                DevicePicture picture = new DevicePicture(cuda, kernel, size)) {
            picture.load(surface);
            MemorySegment host = arena.allocate(3L * size.width() * size.height() / 2);
            cuda.download(picture.memory(), host, size.width(), size.height() * 3L / 2);
            return host.toArray(JAVA_BYTE);
        } finally {
            cuda.pop();
            cuda.release(gpu);
        }
    }

    /** The same in Java: luma of each pixel, chroma of the mean of four. */
    private static byte[] here(Size size, MemorySegment pixels, int stride) {
        byte[] out = new byte[size.width() * size.height() * 3 / 2];
        for (int y = 0; y < size.height(); y += 2) {
            for (int x = 0; x < size.width(); x += 2) {
                int red = 0;
                int green = 0;
                int blue = 0;
                for (int i = 0; i < 4; i++) {
                    int pixel = pixels.get(JAVA_INT, (long) (y + i / 2) * stride + 4L * (x + i % 2));
                    int r = pixel >> 16 & 0xFF;
                    int g = pixel >> 8 & 0xFF;
                    int b = pixel & 0xFF;
                    out[(y + i / 2) * size.width() + x + i % 2] =
                            (byte) ((11966 * r + 40254 * g + 4064 * b + (16 << 16) + (1 << 15)) >> 16);
                    red += r;
                    green += g;
                    blue += b;
                }
                int at = (size.height() + y / 2) * size.width() + x;
                out[at] = (byte) ((-6596 * red - 22188 * green + 28784 * blue + (128 << 18) + (1 << 17)) >> 18);
                out[at + 1] = (byte) ((28784 * red - 26145 * green - 2639 * blue + (128 << 18) + (1 << 17)) >> 18);
            }
        }
        return out;
    }
}
