// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
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
 *
 * <p>It works in bands of rows, always the same ones, so that a band converted alone is what it is in a whole picture:
 * where the picture still holds the one before, only the bands that changed are converted.
 */
final class PictureLoader implements AutoCloseable {

    private static final int MOST_PLANES = 4;
    private static final int PICTURE_PLANES = 3;
    /** swscale's vector code may read this far past the last pixel of a row. */
    private static final int READ_AHEAD_BYTES = 64;

    private static final int UNITY = 1 << 16;
    /** Even, and small enough that a changed line of text costs little; each band costs microseconds beside its rows. */
    private static final int BAND_ROWS = 32;
    /** Chroma is the mean of the four pixels it stands for; reading it at full width first is the faster way there. */
    private static final int QUALITY = swscale.SWS_AREA | swscale.SWS_FULL_CHR_H_INP;

    private final Size size;
    private final AVFrame picture;
    private final PointerPointer<Pointer> sources = new PointerPointer<>(MOST_PLANES);
    private final IntPointer strides = new IntPointer(MOST_PLANES);
    private final PointerPointer<Pointer> targets = new PointerPointer<>(MOST_PLANES);
    private final IntPointer targetStrides;
    private final long[] sourceAddresses = new long[MOST_PLANES];
    private final long[] targetAddresses = new long[PICTURE_PLANES];
    private @Nullable SwsContext bandScaler;
    /** For the last band, where it is smaller than the others. */
    private @Nullable SwsContext restScaler;

    private @Nullable PixelFormat scales;

    /** The capture session and number of the frame that the picture holds; null: none, or one that tells no damage. */
    private @Nullable Object loadedSession;

    private long loadedSequence;
    private @Nullable Arena spare;
    private MemorySegment spareMemory = MemorySegment.NULL;

    PictureLoader(Size size, AVFrame picture) {
        this.size = size;
        this.picture = picture;
        targetStrides = picture.linesize();
    }

    /** Converts a blank band: no real picture pays for what the first conversion loads. */
    void warmUp() {
        prepare(PixelFormat.BGRA);
        int rows = Math.min(BAND_ROWS, size.height() & ~1);
        long stride = rowBytes(PixelFormat.BGRA, 0);
        try (Arena blank = Arena.ofConfined()) {
            sourceAddresses[0] = blank.allocate(stride * rows + READ_AHEAD_BYTES, READ_AHEAD_BYTES)
                    .address();
            strides.put(0, (int) stride);
            convert(1, 0, rows);
        }
    }

    /** Brings in a frame of the loader's size: no more than what changed, if the picture still holds the frame before. */
    void load(Frame frame) {
        Damage damage = frame.damage();
        boolean follows = damage != null && damage.session() == loadedSession && frame.sequence() == loadedSequence + 1;
        loadedSession = null; // should the conversion stop half-way, the next one is whole
        load(frame.host(), follows ? damage : null);
        loadedSession = damage == null ? null : damage.session();
        loadedSequence = frame.sequence();
    }

    private void load(HostSurface surface, @Nullable Damage changed) {
        prepare(surface.format());
        for (int i = 0; i < surface.planes().size(); i++) {
            HostSurface.Plane plane = surface.planes().get(i);
            int rows = i == 0 ? size.height() : (size.height() + 1) / 2;
            check(plane, rowBytes(surface.format(), i), rows);
            sourceAddresses[i] = readable(plane, rows, surface.planes().size()).address();
            strides.put(i, plane.strideBytes());
        }
        int height = size.height() & ~1;
        for (int top = 0; top < height; top += BAND_ROWS) {
            int rows = Math.min(BAND_ROWS, height - top);
            if (changed == null || changed.touches(top, top + rows)) {
                convert(surface.planes().size(), top, rows);
            }
        }
    }

    private void convert(int planes, int top, int rows) {
        for (int i = 0; i < planes; i++) {
            put(sources, i, sourceAddresses[i] + (long) strides.get(i) * (i == 0 ? top : top / 2));
        }
        for (int i = 0; i < PICTURE_PLANES; i++) {
            put(targets, i, targetAddresses[i] + (long) targetStrides.get(i) * (i == 0 ? top : top / 2));
        }
        SwsContext scaler = rows == BAND_ROWS ? bandScaler : restScaler;
        int result = swscale.sws_scale(scaler, sources, strides, 0, rows, targets, targetStrides);
        if (result < 0) {
            throw new StreamException(
                    EncodeError.DEVICE_LOST, "the picture could not be converted: " + Ffmpeg.reason(result));
        }
    }

    private void check(HostSurface.Plane plane, int rowBytes, int rows) {
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
    private MemorySegment readable(HostSurface.Plane plane, int rows, int planes) {
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

    @SuppressWarnings("restricted") // a table of plane addresses, of the size that was allocated for it
    private static void put(Pointer table, int plane, long address) {
        MemorySegment.ofAddress(table.address())
                .reinterpret(MOST_PLANES * ValueLayout.ADDRESS.byteSize())
                .setAtIndex(ValueLayout.JAVA_LONG, plane, address);
    }

    private void prepare(PixelFormat format) {
        for (int i = 0; i < PICTURE_PLANES; i++) {
            targetAddresses[i] = picture.data(i).address(); // a picture made writable may have moved
        }
        if (!format.equals(scales)) {
            closeScalers();
            bandScaler = scaler(format, BAND_ROWS);
            int rest = (size.height() & ~1) % BAND_ROWS;
            restScaler = rest == 0 ? null : scaler(format, rest);
            scales = format;
        }
    }

    private SwsContext scaler(PixelFormat format, int rows) {
        int from = ffmpegFormat(format);
        int width = size.width() & ~1;
        SwsContext next = swscale.sws_getContext(
                width, rows, from, width, rows, avutil.AV_PIX_FMT_YUV420P, QUALITY, null, null, (DoublePointer) null);
        if (next == null || next.isNull()) {
            throw new StreamException(EncodeError.DEVICE_LOST, "no converter from " + format.name() + " for " + size);
        }
        IntPointer bt709 = swscale.sws_getCoefficients(swscale.SWS_CS_ITU709);
        int fullRange = format.equals(PixelFormat.BGRA) ? 1 : 0;
        swscale.sws_setColorspaceDetails(next, bt709, fullRange, bt709, 0, 0, UNITY, UNITY);
        return next;
    }

    static boolean takes(PixelFormat format) {
        return format.equals(PixelFormat.BGRA) || format.equals(PixelFormat.NV12) || format.equals(PixelFormat.I420);
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

    private void closeScalers() {
        if (bandScaler != null) {
            swscale.sws_freeContext(bandScaler);
            bandScaler = null;
        }
        if (restScaler != null) {
            swscale.sws_freeContext(restScaler);
            restScaler = null;
        }
        scales = null;
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
        closeScalers();
        sources.deallocate();
        targets.deallocate();
        strides.deallocate();
    }
}
