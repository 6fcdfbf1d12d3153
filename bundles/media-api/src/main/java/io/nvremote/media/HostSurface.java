// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A picture in native memory that the CPU can read.
 *
 * @param planes one per plane of the format, in its order; each starts at the first pixel of the first row
 */
public record HostSurface(PixelFormat format, Size size, List<Plane> planes) implements Surface {

    public HostSurface {
        planes = List.copyOf(planes);
        if (planes.size() != format.planes()) {
            throw new IllegalArgumentException(format.name() + " has " + format.planes() + " planes: " + planes.size());
        }
    }

    /** The surface itself, if it is one that the CPU reads. */
    static HostSurface of(Surface surface) {
        if (surface instanceof HostSurface host) {
            return host;
        }
        throw new StreamException(CoreError.INVALID_VALUE, "the CPU can't read pictures in " + surface.kind());
    }

    @Override
    public SurfaceKind kind() {
        return SurfaceKind.host(format);
    }

    /**
     * One plane.
     *
     * @param memory native memory; its size is at least {@code strideBytes} times the plane's rows
     * @param strideBytes distance from one row to the next
     */
    public record Plane(MemorySegment memory, int strideBytes) {}
}
