// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nvremote.media.Size;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * BGRA to NV12 on the GPU: BT.709, limited range, each chroma sample the mean of four pixels. NVENC would take BGRA as well, but with
 * which matrix is left to it. The kernel is PTX that every supported driver translates for its GPU ({@code src/main/cuda}).
 * Safe for any thread that has the context current.
 */
final class Nv12Kernel implements AutoCloseable {

    private static final String RESOURCE = "nv12.ptx";
    private static final String ENTRY = "bgra_to_nv12";
    private static final int BLOCK_WIDTH = 32;
    private static final int BLOCK_HEIGHT = 8;
    /** Pixels in each direction that one thread converts. */
    private static final int PIXELS = 2;

    private final Cuda cuda;
    private final MemorySegment module;
    private final MemorySegment kernel;

    Nv12Kernel(Cuda cuda) {
        this.cuda = cuda;
        try (Arena arena = Arena.ofConfined()) {
            byte[] text = text();
            MemorySegment ptx = arena.allocate(text.length + 1L); // and a zero at the end
            MemorySegment.copy(text, 0, ptx, JAVA_BYTE, 0, text.length);
            module = cuda.loadModule(ptx);
            kernel = cuda.kernel(module, ENTRY);
        }
    }

    private static byte[] text() {
        try (InputStream in = Nv12Kernel.class.getResourceAsStream(RESOURCE)) {
            return Objects.requireNonNull(in, RESOURCE).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Room for the arguments of one {@link #launch} at a time: six pointers, and behind them what they lead to. */
    static MemorySegment arguments(Arena arena) {
        MemorySegment all = arena.allocate(ADDRESS, 12);
        for (int i = 0; i < 6; i++) {
            all.setAtIndex(ADDRESS, i, all.asSlice(8L * (6 + i), 8));
        }
        return all;
    }

    /** Has a picture of an even size converted. The chroma rows follow those of the luma. */
    void launch(Cuda.Pitched from, Cuda.Pitched to, Size size, MemorySegment stream, MemorySegment arguments) {
        arguments.setAtIndex(JAVA_LONG, 6, from.address());
        arguments.setAtIndex(JAVA_LONG, 7, from.pitchBytes());
        arguments.setAtIndex(JAVA_LONG, 8, to.address());
        arguments.setAtIndex(JAVA_LONG, 9, to.pitchBytes());
        arguments.set(JAVA_INT, 8L * 10, size.width());
        arguments.set(JAVA_INT, 8L * 11, size.height());
        cuda.launch(
                kernel,
                blocks(size.width(), BLOCK_WIDTH),
                blocks(size.height(), BLOCK_HEIGHT),
                BLOCK_WIDTH,
                BLOCK_HEIGHT,
                stream,
                arguments);
    }

    private static int blocks(int pixels, int threads) {
        return (pixels + PIXELS * threads - 1) / (PIXELS * threads);
    }

    @Override
    public void close() {
        cuda.unloadModule(module);
    }
}
