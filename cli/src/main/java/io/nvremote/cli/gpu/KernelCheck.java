// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.encode.nvenc.NvencProbe;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The kernel that makes NV12 of BGRA, on each GPU, against the same in Java. */
final class KernelCheck {

    /** Width, height, and how many bytes the rows are longer than they have to be. */
    private static final int[][] PICTURES = {
        {16, 16, 0},
        {17, 19, 4},
        {18, 16, 4},
        {641, 361, 60},
        {642, 362, 60},
        {1000, 34, 8},
        {1366, 768, 0},
        {4096, 18, 0}
    };

    private final CheckMachine machine;

    KernelCheck(CheckMachine machine) {
        this.machine = machine;
    }

    Outcome run() {
        NvencProbe probe = new NvencProbe(machine.encoder());
        Outcome outcome = Outcome.pass("bit-equal to Java in " + PICTURES.length + " sizes and pitches"
                + (machine.fake() ? "; computed in C, not by a GPU" : ""));
        for (String uuid : probe.gpus().keySet()) {
            for (int[] picture : PICTURES) {
                try (Arena arena = Arena.ofConfined()) {
                    HostSurface bgra = random(arena, picture);
                    if (!Arrays.equals(probe.nv12(uuid, bgra), Bt709.nv12(bgra))) {
                        return Outcome.fail("a picture of " + bgra.size() + " is not what it is in Java")
                                .with("GPU", uuid);
                    }
                }
            }
            if (!machine.fake()) {
                outcome = outcome.with(uuid, "1920x1080 in " + micros(probe, uuid) + " µs");
            }
        }
        return outcome;
    }

    private static long micros(NvencProbe probe, String uuid) {
        try (Arena arena = Arena.ofConfined()) {
            return probe.kernelNanos(uuid, random(arena, new int[] {1920, 1080, 0})) / 1000;
        }
    }

    private static HostSurface random(Arena arena, int[] picture) {
        int stride = 4 * picture[0] + picture[2];
        byte[] bytes = new byte[stride * picture[1]];
        new Random(picture[0]).nextBytes(bytes);
        MemorySegment pixels = arena.allocate(bytes.length, 16);
        MemorySegment.copy(bytes, 0, pixels, JAVA_BYTE, 0, bytes.length);
        return new HostSurface(
                PixelFormat.BGRA, new Size(picture[0], picture[1]), List.of(new HostSurface.Plane(pixels, stride)));
    }
}
