// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.software.OpenH264Library.Function;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Wall: one encoder of {@link OpenH264Library}. Offsets and numbers are those of {@code codec_app_def.h}, openh264 2.3, on
 * a 64-bit machine. Nothing is allocated for a picture unless its access unit is larger than all before.
 */
final class LibraryCoder implements Coder {

    private static final int OPTION_TRACE_LEVEL = 25;
    private static final int OPTION_PARAMETERS = 3;
    private static final int OPTION_BITRATE = 5;
    private static final int OPTION_RATE_CONTROL = 8;
    private static final int OPTION_BITRATE_MAX = 6;
    private static final int LAYER = 0;
    private static final int RATE_CONTROL_OFF = -1;
    private static final int RATE_CONTROL_BITRATE = 1;

    /**
     * Quantisers with which a picture at rest is coded again: by and by, so that no unit is larger than it has to be; the last
     * several times, since openh264 passes over blocks that look good enough beside their neighbours.
     */
    private static final int[] SHARPER = {34, 26, 17, 17, 17};

    private static final int FRAME_TYPE_IDR = 1;
    private static final int FRAME_TYPE_SKIPPED = 4;
    private static final int FORMAT_I420 = 23;
    private static final int FIRST_UNIT_BYTES = 64 << 10;

    /** {@code SSourcePicture}. */
    private static final long SOURCE_BYTES = 72;

    private static final long SOURCE_STRIDES = 4;
    private static final long SOURCE_PLANES = 24;
    private static final long SOURCE_WIDTH = 56;
    private static final long SOURCE_HEIGHT = 60;
    private static final long SOURCE_MILLIS = 64;

    /** {@code SFrameBSInfo}: a count, as many {@code SLayerBSInfo}, then what holds for all. */
    private static final long INFO_BYTES = 5144;

    private static final long INFO_LAYERS = 8;
    private static final long INFO_TYPE = 5128;
    private static final long LAYER_BYTES = 40;
    private static final long LAYER_UNITS = 16;
    private static final long LAYER_UNIT_BYTES = 24;
    private static final long LAYER_DATA = 32;

    private final OpenH264Library library;
    private final MemorySegment encoder;
    private final Picture picture;
    private final CodingParameters parameters;
    private final int rate;
    private boolean sharpening;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment source = arena.allocate(SOURCE_BYTES, Long.BYTES);
    private final MemorySegment info = arena.allocate(INFO_BYTES, Long.BYTES);
    private long bitsPerSecond;
    private long presented;
    private Arena unitArena = Arena.ofShared();
    private MemorySegment unit = unitArena.allocate(FIRST_UNIT_BYTES);
    private long unitBytes;
    private boolean open = true;

    private LibraryCoder(
            OpenH264Library library,
            MemorySegment encoder,
            CodingParameters parameters,
            Picture picture,
            FrameRate rate,
            Bitrate bitrate) {
        this.library = library;
        this.encoder = encoder;
        this.parameters = parameters;
        this.picture = picture;
        this.rate = rate.perSecond();
        bitsPerSecond = bitrate.bitsPerSecond();
        AVFrame frame = picture.frame();
        source.set(JAVA_INT, 0, FORMAT_I420);
        for (int plane = 0; plane < 3; plane++) {
            source.set(JAVA_INT, SOURCE_STRIDES + 4L * plane, frame.linesize(plane));
            source.set(
                    ADDRESS,
                    SOURCE_PLANES + 8L * plane,
                    MemorySegment.ofAddress(frame.data(plane).address()));
        }
        source.set(JAVA_INT, SOURCE_WIDTH, frame.width());
        source.set(JAVA_INT, SOURCE_HEIGHT, frame.height());
    }

    static LibraryCoder open(OpenH264Library library, Size size, FrameRate rate, Bitrate bitrate, int threads) {
        MemorySegment encoder = library.create();
        try (Arena arena = Arena.ofConfined()) {
            library.set(encoder, OPTION_TRACE_LEVEL, arena.allocateFrom(JAVA_INT, 0)); // its errors come as results
            CodingParameters parameters = new CodingParameters();
            library.call(encoder, Function.GET_DEFAULT_PARAMS, parameters.memory());
            parameters.describe(size, rate, bitrate, threads);
            int result = library.call(encoder, Function.INITIALIZE_EXT, parameters.memory());
            if (result != 0) {
                throw new StreamException(
                        EncodeError.SPEC_REFUSED,
                        "openh264 refused " + size + " at " + rate.perSecond() + "/s and " + bitrate + ": error "
                                + result);
            }
            return new LibraryCoder(library, encoder, parameters, new Picture(size), rate, bitrate);
        } catch (RuntimeException | Error e) {
            library.destroy(encoder);
            throw e;
        }
    }

    @Override
    public void load(Frame frame) {
        picture.load(frame);
    }

    @Override
    public boolean encode(boolean forceKeyFrame) {
        if (forceKeyFrame) {
            check(library.forceKeyFrame(encoder), "forced no key frame");
        }
        source.set(JAVA_LONG, SOURCE_MILLIS, presented++ * 1000 / rate);
        check(library.encode(encoder, source, info), "coded no picture");
        if (sharpening) {
            sharpening = false;
            set(OPTION_RATE_CONTROL, RATE_CONTROL_BITRATE);
        }
        int type = info.get(JAVA_INT, INFO_TYPE);
        collect();
        if (unitBytes == 0 || type == FRAME_TYPE_SKIPPED) {
            throw new StreamException(EncodeError.DEVICE_LOST, "openh264 gave no access unit: frame type " + type);
        }
        return type == FRAME_TYPE_IDR;
    }

    @Override
    public boolean sharpen(int step) {
        int last = SHARPER.length - 1;
        parameters.quantiser(SHARPER[Math.min(step, last)]);
        check(library.set(encoder, OPTION_PARAMETERS, parameters.memory()), "refused a quantiser");
        set(OPTION_RATE_CONTROL, RATE_CONTROL_OFF);
        sharpening = true;
        return step < last;
    }

    private void set(int option, int value) {
        try (Arena call = Arena.ofConfined()) {
            check(library.set(encoder, option, call.allocateFrom(JAVA_INT, value)), "refused option " + option);
        }
    }

    /** Brings the parts of the access unit, parameter sets and slices, together. */
    @SuppressWarnings("restricted") // openh264's own memory, of the sizes that it says
    private void collect() {
        unitBytes = 0;
        for (int i = 0; i < info.get(JAVA_INT, 0); i++) {
            MemorySegment layer = info.asSlice(INFO_LAYERS + i * LAYER_BYTES, LAYER_BYTES);
            int count = layer.get(JAVA_INT, LAYER_UNITS);
            MemorySegment sizes = layer.get(ADDRESS, LAYER_UNIT_BYTES).reinterpret(4L * count);
            long bytes = 0;
            for (int k = 0; k < count; k++) {
                bytes += sizes.getAtIndex(JAVA_INT, k);
            }
            makeRoomFor(unitBytes + bytes);
            MemorySegment.copy(layer.get(ADDRESS, LAYER_DATA).reinterpret(bytes), 0, unit, unitBytes, bytes);
            unitBytes += bytes;
        }
    }

    private void makeRoomFor(long bytes) {
        if (unit.byteSize() < bytes) {
            Arena larger = Arena.ofShared();
            MemorySegment next = larger.allocate(Math.max(bytes, 2 * unit.byteSize()));
            MemorySegment.copy(unit, 0, next, 0, unitBytes);
            unitArena.close();
            unitArena = larger;
            unit = next;
        }
    }

    @Override
    public ByteBuffer unit() {
        return unit.asSlice(0, unitBytes).asByteBuffer().asReadOnlyBuffer();
    }

    @Override
    public void releaseUnit() {
        unitBytes = 0;
    }

    @Override
    public boolean retargets() {
        return true;
    }

    @Override
    public void retarget(Bitrate bitrate) {
        long next = bitrate.bitsPerSecond();
        // The rate may at no time be above the largest one.
        set(next > bitsPerSecond ? OPTION_BITRATE_MAX : OPTION_BITRATE, next);
        set(next > bitsPerSecond ? OPTION_BITRATE : OPTION_BITRATE_MAX, next);
        bitsPerSecond = next;
        parameters.rate(Math.toIntExact(next)); // they are handed over again
    }

    private void set(int option, long bits) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment value = call.allocateFrom(JAVA_INT, LAYER, Math.toIntExact(bits));
            check(library.set(encoder, option, value), "refused the rate " + bits);
        }
    }

    private static void check(int result, String what) {
        if (result != 0) {
            throw new StreamException(EncodeError.DEVICE_LOST, "openh264 " + what + ": error " + result);
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            library.call(encoder, Function.UNINITIALIZE);
            library.destroy(encoder);
            picture.close();
            unitArena.close();
            arena.close();
        }
    }
}
