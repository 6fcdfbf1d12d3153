// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.nvenc.NvencLibrary.Call;
import io.nvremote.media.DeviceSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One GPU with its encoder: its context, what it can do, and the kernel loaded. Safe for any thread. */
final class NvencGpu implements AutoCloseable {

    private static final int CUDA = 1;
    /** With less, what fails for want of a session fails for want of memory: a session of 1080p takes about that much. */
    private static final long LITTLE_BYTES = 300L << 20;

    private static final int LEAST_WIDTH = 45;
    private static final int LEAST_HEIGHT = 46;
    private static final int MOST_WIDTH = 16;
    private static final int MOST_HEIGHT = 17;
    /** Of a {@link Size}. */
    private static final int LEAST = 16;

    private static final int MOST = 16_384;
    private static final int RETARGETS = 20;
    private static final int BUFFERS = 26;
    private static final int INVALIDATES = 28;
    private static final int MANY_REFERENCES = 47;

    private final Cuda cuda;
    private final NvencLibrary library;
    private final Gpu gpu;
    private final MemorySegment context;
    private final Map<NvencCodec, Capabilities> capabilities = new EnumMap<>(NvencCodec.class);
    private final Nv12Kernel kernel;

    private NvencGpu(Cuda cuda, NvencLibrary library, Gpu gpu) {
        this.cuda = cuda;
        this.library = library;
        this.gpu = gpu;
        context = cuda.retain(gpu);
        boolean done = false;
        try {
            enter();
            try {
                probe();
                kernel = new Nv12Kernel(cuda);
            } finally {
                leave();
            }
            done = true;
        } finally {
            if (!done) {
                cuda.release(gpu);
            }
        }
    }

    /**
     * Opens the GPU of that UUID, or for an empty one the first whose encoder opens: in a container that sees some of the GPUs only
     * there may be one on some of them only.
     */
    static NvencGpu open(Cuda cuda, NvencLibrary library, String uuid) {
        List<String> refusals = new ArrayList<>();
        for (Gpu each : cuda.gpus()) {
            if (uuid.isEmpty() || uuid.equalsIgnoreCase(each.uuid())) {
                try {
                    return new NvencGpu(cuda, library, each);
                } catch (StreamException e) {
                    if (e.code() != EncodeError.DEVICE_UNAVAILABLE) {
                        throw e;
                    }
                    refusals.add(each.uuid() + " (" + each.name() + "): " + e.getMessage());
                }
            }
        }
        throw new StreamException(
                EncodeError.DEVICE_UNAVAILABLE,
                refusals.isEmpty()
                        ? "this machine has no GPU " + uuid + ": "
                                + cuda.gpus().stream().map(Gpu::uuid).toList()
                        : String.join("; ", refusals));
    }

    NvencLibrary library() {
        return library;
    }

    String uuid() {
        return gpu.uuid();
    }

    String name() {
        return gpu.name();
    }

    /** Makes the context current for this thread until {@link #leave}; what is between may wait for nothing but the driver. */
    void enter() {
        cuda.push(context);
    }

    void leave() {
        cuda.pop();
    }

    /** Whether a picture can be read where it is: as BGRA in this process, of this GPU and its one context. */
    boolean reaches(DeviceSurface surface) {
        return surface.device().equals(gpu.uuid())
                && surface.place().isEmpty()
                && surface.context() == context.address()
                && surface.format().equals(PixelFormat.BGRA)
                && surface.pitchBytes() >= 4L * surface.size().width();
    }

    /** Codecs that it makes. */
    Set<NvencCodec> codecs() {
        return capabilities.keySet();
    }

    /** What it can do for a codec; {@link EncodeError#SPEC_REFUSED} if that is nothing. */
    Capabilities capabilities(NvencCodec codec) {
        Capabilities known = capabilities.get(codec);
        if (known == null) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    "NVENC " + library.api() + " on " + gpu.name() + " makes " + capabilities.keySet() + " only: "
                            + codec);
        }
        return known;
    }

    DevicePicture picture(Size size) {
        return new DevicePicture(cuda, kernel, size);
    }

    NvencCoder coder(StreamSpec spec, Clock clock) {
        enter();
        try {
            MemorySegment session = openSession();
            try {
                return new NvencCoder(this, session, spec, clock);
            } catch (RuntimeException | Error e) {
                library.call(Call.DESTROY_ENCODER, session);
                throw e;
            }
        } finally {
            leave();
        }
    }

    /** What the driver answers to a session in the context that is current; for SUCCESS it is in {@code place}. */
    static int open(NvencLibrary library, MemorySegment context, MemorySegment place) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = library.structs().allocate(NvencStruct.OPEN_SESSION, arena);
            parameters.set(JAVA_INT, 4, CUDA);
            parameters.set(ADDRESS, 8, context);
            parameters.set(JAVA_INT, 24, library.api().number());
            int status = library.call(Call.OPEN_ENCODE_SESSION_EX, parameters, place);
            // Where the driver hands out a session that failed to open, it counts until it is destroyed.
            MemorySegment half = place.get(ADDRESS, 0);
            if (status != NvencStatus.SUCCESS && !half.equals(MemorySegment.NULL)) {
                library.call(Call.DESTROY_ENCODER, half);
            }
            return status;
        }
    }

    /** Whether the driver opens one more session just now; it is closed again. */
    boolean hasOneMore() {
        enter();
        try {
            library.call(Call.DESTROY_ENCODER, openSession());
            return true;
        } catch (StreamException e) {
            if (e.code() == EncodeError.DEVICE_FULL) {
                return false;
            }
            throw e;
        } finally {
            leave();
        }
    }

    private MemorySegment openSession() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            int status = open(library, context, place);
            if (status == NvencStatus.SUCCESS) {
                return place.get(ADDRESS, 0);
            }
            long free = NvencStatus.full(status) ? cuda.freeBytes() : LITTLE_BYTES;
            if (free < LITTLE_BYTES) {
                throw new StreamException(
                        EncodeError.DEVICE_FULL,
                        "NVENC opens no session: " + gpu.name() + " has " + (free >> 20) + " MiB of memory left");
            }
            throw NvencStatus.refused(status, "opens no session on " + gpu.name());
        }
    }

    private void probe() {
        MemorySegment session = openSession();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            check(library.call(Call.GET_ENCODE_GUID_COUNT, session, count));
            int room = count.get(JAVA_INT, 0);
            long bytes = Guid.LAYOUT.byteSize();
            MemorySegment guids = arena.allocate(bytes * room, Integer.BYTES);
            check(library.codecs(session, guids, room, count));
            for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
                NvencCodec codec =
                        NvencCodec.of(Guid.read(guids, bytes * i).name()).orElse(null);
                if (codec != null) {
                    capabilities.put(codec, probe(session, codec, arena));
                }
            }
        } finally {
            library.call(Call.DESTROY_ENCODER, session);
        }
    }

    private Capabilities probe(MemorySegment session, NvencCodec codec, Arena arena) {
        return new Capabilities(
                size(session, codec, LEAST_WIDTH, LEAST_HEIGHT, arena),
                size(session, codec, MOST_WIDTH, MOST_HEIGHT, arena),
                capability(session, codec, RETARGETS, arena) != 0,
                capability(session, codec, BUFFERS, arena) != 0,
                capability(session, codec, MANY_REFERENCES, arena) != 0,
                capability(session, codec, INVALIDATES, arena) != 0);
    }

    /** Within what a picture can be here. */
    private Size size(MemorySegment session, NvencCodec codec, int width, int height, Arena arena) {
        return new Size(
                Math.clamp(capability(session, codec, width, arena), LEAST, MOST),
                Math.clamp(capability(session, codec, height, arena), LEAST, MOST));
    }

    private int capability(MemorySegment session, NvencCodec codec, int index, Arena arena) {
        MemorySegment query = library.structs().allocate(NvencStruct.CAPS, arena);
        query.set(JAVA_INT, 4, index);
        MemorySegment value = arena.allocate(JAVA_INT);
        check(library.capability(session, codec.guid().in(arena), query, value));
        return value.get(JAVA_INT, 0);
    }

    private static void check(int status) {
        if (status != NvencStatus.SUCCESS) {
            throw NvencStatus.refused(status, "does not say what it can do");
        }
    }

    /** After all its coders. */
    @Override
    public void close() {
        enter();
        try {
            kernel.close();
        } finally {
            leave();
        }
        cuda.release(gpu);
    }
}
