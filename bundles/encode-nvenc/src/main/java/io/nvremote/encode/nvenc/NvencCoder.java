// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.nvenc.NvencLibrary.Call;
import io.nvremote.media.DeviceSurface;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Wall: one open encoder of NVENC with its one picture and its one buffer for a unit. Not safe for several threads at once,
 * but each call may come from another one.
 */
final class NvencCoder implements AutoCloseable {

    private static final int CUDA_DEVICE_POINTER = 1;
    private static final int NV12 = 1;
    private static final int FRAME = 1;
    private static final int FORCE_IDR = 2;
    private static final int TYPE_IDR = 3;
    private static final Duration PAUSE = Duration.ofNanos(200_000);
    private static final long SPARE_BYTES = 64 << 10;

    private final NvencGpu gpu;
    private final NvencLibrary library;
    private final Clock clock;
    /** How often a busy driver is asked again: counted, since a machine under load may take any time for one. */
    private final long attempts;

    private final long mostBytes;
    private final Capabilities can;
    private final References references;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment session;
    private final StreamParameters parameters;
    private final DevicePicture picture;
    private final MemorySegment bitstream;
    private final MemorySegment resource;
    private final MemorySegment map;
    private final MemorySegment encode;
    private final MemorySegment lock;
    private long timestamp;
    private boolean mapped;
    private boolean locked;
    private boolean failed;
    private boolean open = true;

    /** The context is current, {@code session} newly opened; it stays the caller's if this fails. */
    NvencCoder(NvencGpu gpu, MemorySegment session, StreamSpec spec, Clock clock) {
        this.gpu = gpu;
        this.session = session;
        this.clock = clock;
        library = gpu.library();
        Size size = spec.size();
        attempts = spec.rate().intervalNanos() / 2 / PAUSE.toNanos();
        mostBytes = 4L * size.width() * size.height() + SPARE_BYTES;
        can = gpu.capabilities(spec.codec());
        references = new References(spec.references(can));
        parameters = new StreamParameters(library, session, spec, can, arena);
        refuse(library.call(Call.INITIALIZE_ENCODER, session, parameters.initialize()), "refuses " + spec);
        NvencStructs structs = library.structs();
        picture = gpu.picture(size);
        MemorySegment madeResource = MemorySegment.NULL;
        try {
            madeResource = register(size);
            MemorySegment buffer = structs.allocate(NvencStruct.BITSTREAM_BUFFER, arena);
            refuse(library.call(Call.CREATE_BITSTREAM_BUFFER, session, buffer), "makes no buffer for units");
            bitstream = buffer.get(ADDRESS, 16);
        } catch (RuntimeException | Error e) {
            unregister(madeResource);
            picture.close();
            throw e;
        }
        resource = madeResource;
        map = structs.allocate(NvencStruct.MAP_RESOURCE, arena);
        map.set(ADDRESS, 16, resource);
        encode = structs.allocate(NvencStruct.PICTURE, arena);
        encode.set(JAVA_INT, 4, size.width());
        encode.set(JAVA_INT, 8, size.height());
        encode.set(JAVA_INT, 12, Math.toIntExact(picture.memory().pitchBytes()));
        encode.set(ADDRESS, 48, bitstream);
        encode.set(JAVA_INT, 64, NV12);
        encode.set(JAVA_INT, 68, FRAME);
        lock = structs.allocate(NvencStruct.LOCK_BITSTREAM, arena);
        lock.set(ADDRESS, 8, bitstream);
    }

    private MemorySegment register(Size size) {
        MemorySegment request = library.structs().allocate(NvencStruct.REGISTER_RESOURCE, arena);
        request.set(JAVA_INT, 4, CUDA_DEVICE_POINTER);
        request.set(JAVA_INT, 8, size.width());
        request.set(JAVA_INT, 12, size.height());
        request.set(JAVA_INT, 16, Math.toIntExact(picture.memory().pitchBytes()));
        request.set(JAVA_LONG, 24, picture.memory().address());
        request.set(JAVA_INT, 40, NV12);
        refuse(library.call(Call.REGISTER_RESOURCE, session, request), "takes no picture of the GPU's memory");
        return request.get(ADDRESS, 32);
    }

    private static void refuse(int status, String what) {
        if (status != NvencStatus.SUCCESS) {
            throw NvencStatus.refused(status, what);
        }
    }

    private static void check(int status, String what) {
        if (status != NvencStatus.SUCCESS) {
            throw NvencStatus.failed(status, what);
        }
    }

    /** Brings in the picture that {@link #encode} codes next. */
    void load(Frame frame) {
        if (frame.surface() instanceof DeviceSurface near && gpu.reaches(near)) {
            gpu.enter();
            try {
                picture.load(near);
            } finally {
                gpu.leave();
            }
            return;
        }
        HostSurface surface = frame.host(); // may wait for a download: not with our context current
        gpu.enter();
        try {
            picture.load(surface);
        } finally {
            gpu.leave();
        }
    }

    /** Codes the picture; {@link #unit} is valid until {@link #releaseUnit}. Returns whether it is a key frame. */
    boolean encode(boolean forceKeyFrame, long sequence) {
        if (failed) {
            throw new StreamException(EncodeError.DEVICE_LOST, "NVENC failed before, the stream is over");
        }
        try {
            patiently(Call.MAP_INPUT_RESOURCE, map, "maps no picture");
            mapped = true;
            encode.set(ADDRESS, 40, map.get(ADDRESS, 24));
            encode.set(JAVA_INT, 16, forceKeyFrame ? FORCE_IDR : 0);
            encode.set(JAVA_LONG, 24, ++timestamp);
            patiently(Call.ENCODE_PICTURE, encode, "codes no picture");
            patiently(Call.LOCK_BITSTREAM, lock, "hands over no unit");
            locked = true;
            long bytes = lock.get(JAVA_INT, 36) & 0xFFFF_FFFFL;
            if (bytes == 0 || bytes > mostBytes || lock.get(ADDRESS, 56).equals(MemorySegment.NULL)) {
                throw new StreamException(EncodeError.DEVICE_LOST, "NVENC hands over a unit of " + bytes + " bytes");
            }
        } catch (RuntimeException | Error e) {
            failed = true; // what is half done there can't be taken back
            releaseUnit();
            throw e;
        }
        boolean keyFrame = lock.get(JAVA_INT, 64) == TYPE_IDR;
        references.coded(sequence, timestamp, keyFrame);
        return keyFrame;
    }

    /** A driver that is busy is asked again for half the time between two pictures; more would be late for the next. */
    private void patiently(Call call, MemorySegment argument, String what) {
        int status = call(call, argument);
        for (int i = 0; i < attempts && NvencStatus.passes(status); i++) {
            clock.sleep(PAUSE);
            status = call(call, argument);
        }
        check(status, what);
    }

    private int call(Call call, MemorySegment argument) {
        gpu.enter();
        try {
            return library.call(call, session, argument);
        } finally {
            gpu.leave();
        }
    }

    /** The access unit of the latest {@link #encode}, in the driver's memory. */
    @SuppressWarnings("restricted") // of the size that the driver says
    ByteBuffer unit() {
        return lock.get(ADDRESS, 56)
                .reinterpret(lock.get(JAVA_INT, 36))
                .asByteBuffer()
                .asReadOnlyBuffer();
    }

    void releaseUnit() {
        if (locked) {
            locked = false;
            call(Call.UNLOCK_BITSTREAM, bitstream);
        }
        if (mapped) {
            mapped = false;
            call(Call.UNMAP_INPUT_RESOURCE, map.get(ADDRESS, 24));
        }
    }

    /** Whether {@link #retarget} works. */
    boolean retargets() {
        return can.retargets();
    }

    /** Codes at another rate from the next picture on; false if the driver does not take it and the old one goes on. */
    boolean retarget(Bitrate bitrate) {
        return taken(call(Call.RECONFIGURE_ENCODER, parameters.retarget(bitrate)), "takes no other rate");
    }

    /** Lets the pictures to come refer to none of the lost ones, where others are left and the driver still has them. */
    void lost(long firstSequence, long lastSequence) {
        if (!can.invalidates()) {
            return;
        }
        for (long each : references.lost(firstSequence, lastSequence)) {
            gpu.enter();
            try {
                boolean ignored = taken(library.invalidate(session, each), "invalidates no reference");
            } finally {
                gpu.leave();
            }
        }
    }

    /** A wish that the driver refuses leaves the stream as it is; anything else that it answers ends it. */
    private static boolean taken(int status, String what) {
        if (status == NvencStatus.INVALID_PARAMETER || status == NvencStatus.UNSUPPORTED_PARAMETER) {
            return false;
        }
        check(status, what);
        return true;
    }

    private void unregister(MemorySegment registered) {
        if (!registered.equals(MemorySegment.NULL)) {
            library.call(Call.UNREGISTER_RESOURCE, session, registered);
        }
    }

    /** In the order that the driver asks for; a device that is gone answers errors, and there is nothing to do about them. */
    @Override
    public void close() {
        if (open) {
            open = false;
            releaseUnit();
            gpu.enter();
            try {
                unregister(resource);
                library.call(Call.DESTROY_BITSTREAM_BUFFER, session, bitstream);
                library.call(Call.DESTROY_ENCODER, session);
                picture.close();
            } finally {
                gpu.leave();
            }
        }
    }
}
