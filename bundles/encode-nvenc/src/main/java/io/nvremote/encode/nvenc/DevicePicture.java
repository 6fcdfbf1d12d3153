// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.DeviceSurface;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Wall: the NV12 picture in the GPU's memory that is coded next. Belongs to one thread at a time, which has the context current.
 */
final class DevicePicture implements AutoCloseable {

    private static final int BGRA_BYTES = 4;

    private final Cuda cuda;
    private final Nv12Kernel kernel;
    private final Size size;
    private final MemorySegment copy = Cuda.copyParameters(Arena.ofAuto());
    private final MemorySegment arguments = Nv12Kernel.arguments(Arena.ofAuto());
    private final Cuda.Pitched picture;
    private final Cuda.Pitched upload;
    private final MemorySegment stream;

    /** Of an even size. */
    DevicePicture(Cuda cuda, Nv12Kernel kernel, Size size) {
        this.cuda = cuda;
        this.kernel = kernel;
        this.size = size;
        picture = cuda.allocate(size.width(), size.height() * 3L / 2);
        try {
            upload = cuda.allocate((long) BGRA_BYTES * size.width(), size.height());
        } catch (RuntimeException | Error e) {
            cuda.free(picture);
            throw e;
        }
        try {
            stream = cuda.createStream();
        } catch (RuntimeException | Error e) {
            cuda.free(upload);
            cuda.free(picture);
            throw e;
        }
    }

    static boolean takes(PixelFormat format) {
        return format.equals(PixelFormat.BGRA) || format.equals(PixelFormat.NV12);
    }

    Cuda.Pitched memory() {
        return picture;
    }

    /** Brings in a picture that is not smaller, out of the host's memory; it is there when this returns. */
    void load(HostSurface surface) {
        if (surface.format().equals(PixelFormat.BGRA)) {
            upload(surface, 0, (long) BGRA_BYTES * size.width(), size.height(), upload, 0);
            convert(upload);
        } else if (surface.format().equals(PixelFormat.NV12)) {
            upload(surface, 0, size.width(), size.height(), picture, 0);
            upload(surface, 1, size.width(), size.height() / 2, picture, size.height());
        } else {
            throw new StreamException(
                    EncodeError.FRAME_REFUSED,
                    "pictures are in BGRA or NV12: " + surface.format().name());
        }
    }

    /** As {@link #load(HostSurface)}, out of memory of the same context: nothing is copied but what the kernel writes. */
    void load(DeviceSurface surface) {
        convert(new Cuda.Pitched(surface.handle(), surface.pitchBytes()));
    }

    /** Converts what {@link #load(HostSurface)} brought in as BGRA once more: for who measures that. */
    void convertAgain() {
        convert(upload);
    }

    private void convert(Cuda.Pitched from) {
        kernel.launch(from, picture, size, stream, arguments);
        cuda.await(stream);
    }

    private void upload(HostSurface surface, int plane, long rowBytes, long rows, Cuda.Pitched to, long toRow) {
        HostSurface.Plane from = surface.planes().get(plane);
        long needed = (rows - 1) * from.strideBytes() + rowBytes;
        if (!from.memory().isNative()
                || from.strideBytes() < rowBytes
                || from.memory().byteSize() < needed) {
            throw new StreamException(
                    EncodeError.FRAME_REFUSED,
                    "plane " + plane + " of a picture needs " + needed + " bytes of native memory in rows of "
                            + rowBytes + ": " + from.memory().byteSize() + " in rows of " + from.strideBytes());
        }
        cuda.upload(copy, from.memory(), from.strideBytes(), to, toRow, rowBytes, rows);
    }

    @Override
    public void close() {
        cuda.destroyStream(stream);
        cuda.free(upload);
        cuda.free(picture);
    }
}
