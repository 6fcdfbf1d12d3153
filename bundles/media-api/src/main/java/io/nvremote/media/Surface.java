// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A picture's pixels in native memory. Holds addresses, never a copy: whoever made the surface owns the memory.
 *
 * <p>A GPU surface or one shared with a worker process is another record behind {@link Frame#surface()} later; today's
 * only kind is memory that the CPU can read.
 *
 * @param planes one per plane of the format, in its order; each starts at the first pixel of the first row
 */
public record Surface(PixelFormat format, Size size, List<Plane> planes) {

    public Surface {
        planes = List.copyOf(planes);
        if (planes.size() != format.planes()) {
            throw new IllegalArgumentException(format.name() + " has " + format.planes() + " planes: " + planes.size());
        }
    }

    /**
     * One plane.
     *
     * @param memory native memory; its size is at least {@code strideBytes} times the plane's rows
     * @param strideBytes distance from one row to the next
     */
    public record Plane(MemorySegment memory, int strideBytes) {}
}
