// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.Surface;
import io.nvremote.wrap.ffmpeg.Ffmpeg;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Wall: brings a surface into the encoder's I420 picture, BT.709 limited range. swscale reads the surface's own memory;
 * nothing is copied before.
 */
final class PictureLoader implements AutoCloseable {

    private static final int MOST_PLANES = 4;
    /** swscale's vector code may read this far past the last pixel of a row. */
    private static final int READ_AHEAD_BYTES = 64;

    private static final int UNITY = 1 << 16;

    private final Size size;
    private final AVFrame picture;
    private final PointerPointer<Pointer> sources = new PointerPointer<>(MOST_PLANES);
    private final IntPointer strides = new IntPointer(MOST_PLANES);
    private @Nullable SwsContext scaler;
    private @Nullable PixelFormat scales;
    private @Nullable Arena spare;
    private MemorySegment spareMemory = MemorySegment.NULL;

    PictureLoader(Size size, AVFrame picture) {
        this.size = size;
        this.picture = picture;
    }

    void load(Surface surface) {
        SwsContext context = scaler(surface.format());
        for (int i = 0; i < surface.planes().size(); i++) {
            Surface.Plane plane = surface.planes().get(i);
            int rows = i == 0 ? size.height() : (size.height() + 1) / 2;
            check(plane, rowBytes(surface.format(), i), rows);
            source(i, readable(plane, rows, surface.planes().size()), plane.strideBytes());
        }
        int rows =
                swscale.sws_scale(context, sources, strides, 0, size.height() & ~1, picture.data(), picture.linesize());
        if (rows < 0) {
            throw new StreamException(
                    EncodeError.DEVICE_LOST, "the picture could not be converted: " + Ffmpeg.reason(rows));
        }
    }

    private void check(Surface.Plane plane, int rowBytes, int rows) {
        long needed = (long) plane.strideBytes() * (rows - 1) + rowBytes;
        if (!plane.memory().isNative()
                || plane.strideBytes() < rowBytes
                || plane.memory().byteSize() < needed) {
            throw new StreamException(
                    EncodeError.FRAME_REFUSED,
                    "a plane of " + rows + " rows needs native memory of " + needed + " bytes and a stride of at least "
                            + rowBytes + ": " + plane.memory().byteSize() + " bytes, stride " + plane.strideBytes());
        }
    }

    /** The plane itself where reading a little past its last row is safe; else a copy of it with room behind. */
    private MemorySegment readable(Surface.Plane plane, int rows, int planes) {
        long used = (long) plane.strideBytes() * rows;
        if (size.width() % READ_AHEAD_BYTES == 0
                || plane.memory().byteSize() >= used + READ_AHEAD_BYTES
                || planes > 1) {
            return plane.memory();
        }
        if (spareMemory.byteSize() < used + READ_AHEAD_BYTES) {
            closeSpare();
            spare = Arena.ofShared();
            spareMemory = spare.allocate(used + READ_AHEAD_BYTES, READ_AHEAD_BYTES);
        }
        long copied = Math.min(used, plane.memory().byteSize());
        MemorySegment.copy(plane.memory(), 0, spareMemory, 0, copied);
        return spareMemory;
    }

    private int rowBytes(PixelFormat format, int plane) {
        if (format.equals(PixelFormat.BGRA)) {
            return size.width() * 4;
        }
        int half = (size.width() + 1) / 2;
        return plane == 0 ? size.width() : format.equals(PixelFormat.NV12) ? half * 2 : half;
    }

    @SuppressWarnings("restricted") // the table of plane addresses, of the size that was allocated for it
    private void source(int plane, MemorySegment memory, int stride) {
        MemorySegment.ofAddress(sources.address())
                .reinterpret(MOST_PLANES * ValueLayout.ADDRESS.byteSize())
                .setAtIndex(ValueLayout.JAVA_LONG, plane, memory.address());
        strides.put(plane, stride);
    }

    private SwsContext scaler(PixelFormat format) {
        SwsContext current = scaler;
        if (current != null && format.equals(scales)) {
            return current;
        }
        int from = ffmpegFormat(format);
        int width = size.width() & ~1;
        int height = size.height() & ~1;
        closeScaler();
        SwsContext next = swscale.sws_getContext(
                width,
                height,
                from,
                width,
                height,
                avutil.AV_PIX_FMT_YUV420P,
                swscale.SWS_POINT,
                null,
                null,
                (DoublePointer) null);
        if (next == null || next.isNull()) {
            throw new StreamException(EncodeError.DEVICE_LOST, "no converter from " + format.name() + " for " + size);
        }
        IntPointer bt709 = swscale.sws_getCoefficients(swscale.SWS_CS_ITU709);
        int fullRange = format.equals(PixelFormat.BGRA) ? 1 : 0;
        swscale.sws_setColorspaceDetails(next, bt709, fullRange, bt709, 0, 0, UNITY, UNITY);
        scaler = next;
        scales = format;
        return next;
    }

    private static int ffmpegFormat(PixelFormat format) {
        if (format.equals(PixelFormat.BGRA)) {
            return avutil.AV_PIX_FMT_BGR0;
        } else if (format.equals(PixelFormat.NV12)) {
            return avutil.AV_PIX_FMT_NV12;
        } else if (format.equals(PixelFormat.I420)) {
            return avutil.AV_PIX_FMT_YUV420P;
        }
        throw new StreamException(
                EncodeError.FRAME_REFUSED, "the software encoder takes BGRA, NV12 and I420: " + format.name());
    }

    private void closeScaler() {
        if (scaler != null) {
            swscale.sws_freeContext(scaler);
            scaler = null;
            scales = null;
        }
    }

    private void closeSpare() {
        if (spare != null) {
            spare.close();
            spare = null;
            spareMemory = MemorySegment.NULL;
        }
    }

    @Override
    public void close() {
        closeSpare();
        closeScaler();
        sources.deallocate();
        strides.deallocate();
    }
}
