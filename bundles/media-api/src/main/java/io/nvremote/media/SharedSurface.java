// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A picture in a file that the process which made it and this one both map.
 *
 * @param planes one per plane of the format, in its order
 */
public record SharedSurface(Path file, PixelFormat format, Size size, List<Part> planes) implements Surface {

    public SharedSurface {
        planes = List.copyOf(planes);
        if (planes.size() != format.planes()) {
            throw new IllegalArgumentException(format.name() + " has " + format.planes() + " planes: " + planes.size());
        }
    }

    /** Where a plane lies in the file. */
    public record Part(long offset, long bytes, int strideBytes) {}

    @Override
    public SurfaceKind kind() {
        return new SurfaceKind(SurfaceKind.SHARED, "", "", format);
    }

    /** Maps the file for reading, as long as the arena lives. */
    public HostSurface map(Arena arena) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = planes.stream()
                    .mapToLong(part -> part.offset() + part.bytes())
                    .max()
                    .orElse(0);
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, end, arena);
            return new HostSurface(
                    format,
                    size,
                    planes.stream()
                            .map(part ->
                                    new HostSurface.Plane(all.asSlice(part.offset(), part.bytes()), part.strideBytes()))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("a shared picture can't be mapped: " + file, e);
        }
    }
}
