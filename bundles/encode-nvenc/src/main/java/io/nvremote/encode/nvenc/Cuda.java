// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wall: the part of CUDA's driver interface that an encoder needs. Contexts are current per thread, and a caller has to
 * {@link #push} its own around everything that is done with it. Safe for any thread.
 */
final class Cuda {

    static final String NAME = "libcuda.so.1";
    private static final int OUT_OF_MEMORY = 2;
    private static final int NO_DEVICE = 100;
    private static final int HOST = 1;
    private static final int DEVICE = 2;
    private static final int ELEMENT_BYTES = 16;

    /** Device memory of rows that are further apart than they are long. */
    record Pitched(long address, long pitchBytes) {}

    private final List<Gpu> gpus;
    private final MethodHandle retain;
    private final MethodHandle release;
    private final MethodHandle push;
    private final MethodHandle pop;
    private final MethodHandle memGetInfo;
    private final MethodHandle memAllocPitch;
    private final MethodHandle memFree;
    private final MethodHandle memcpy2D;
    private final MethodHandle streamCreate;
    private final MethodHandle streamDestroy;
    private final MethodHandle streamSynchronize;
    private final MethodHandle moduleLoadData;
    private final MethodHandle moduleUnload;
    private final MethodHandle moduleGetFunction;
    private final MethodHandle launchKernel;

    /** Loads the driver and starts it; {@link EncodeError#DEVICE_UNAVAILABLE} if there is none, or no GPU. */
    Cuda(@Nullable Path folder) {
        DriverLibrary library = new DriverLibrary(folder, NAME);
        FunctionDescriptor address = FunctionDescriptor.of(JAVA_INT, ADDRESS);
        FunctionDescriptor number = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
        FunctionDescriptor numberOut = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);
        FunctionDescriptor twoAddresses = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
        retain = library.function("cuDevicePrimaryCtxRetain", numberOut);
        release = library.function("cuDevicePrimaryCtxRelease_v2", number);
        push = library.function("cuCtxPushCurrent_v2", address);
        pop = library.function("cuCtxPopCurrent_v2", address);
        memGetInfo = library.function("cuMemGetInfo_v2", twoAddresses);
        memAllocPitch = library.function(
                "cuMemAllocPitch_v2",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT));
        memFree = library.function("cuMemFree_v2", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        memcpy2D = library.function("cuMemcpy2D_v2", address);
        streamCreate = library.function("cuStreamCreate", numberOut);
        streamDestroy = library.function("cuStreamDestroy_v2", address);
        streamSynchronize = library.function("cuStreamSynchronize", address);
        moduleLoadData = library.function("cuModuleLoadData", twoAddresses);
        moduleUnload = library.function("cuModuleUnload", address);
        moduleGetFunction =
                library.function("cuModuleGetFunction", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        launchKernel = library.function(
                "cuLaunchKernel",
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                        ADDRESS, ADDRESS, ADDRESS));
        start(library.function("cuInit", number));
        gpus = Gpu.all(library);
    }

    private static void start(MethodHandle init) {
        try {
            int result = (int) init.invokeExact(0);
            if (result != 0) {
                throw new StreamException(
                        EncodeError.DEVICE_UNAVAILABLE,
                        result == NO_DEVICE
                                ? "NVIDIA's driver sees no GPU"
                                : "NVIDIA's driver does not start: CUDA error " + result);
            }
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    /** All GPUs in CUDA's order. */
    List<Gpu> gpus() {
        return gpus;
    }

    /** The context that all of the process share on a GPU; each has to {@link #release} it. */
    MemorySegment retain(Gpu gpu) {
        return made("makes no context", place -> (int) retain.invokeExact(place, gpu.device()));
    }

    void release(Gpu gpu) {
        undone(() -> (int) release.invokeExact(gpu.device()));
    }

    /** Makes a context current for this thread, until {@link #pop}. Nothing in between may wait for anything but the driver. */
    void push(MemorySegment context) {
        try {
            check((int) push.invokeExact(context), "takes no context");
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    void pop() {
        try {
            int ignored = (int) pop.invokeExact(MemorySegment.NULL);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    long freeBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(JAVA_LONG);
            MemorySegment all = arena.allocate(JAVA_LONG);
            check((int) memGetInfo.invokeExact(free, all), "tells no free memory");
            return free.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    Pitched allocate(long widthBytes, long rows) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(JAVA_LONG);
            MemorySegment pitch = arena.allocate(JAVA_LONG);
            check(
                    (int) memAllocPitch.invokeExact(address, pitch, widthBytes, rows, ELEMENT_BYTES),
                    "has no memory for a picture");
            return new Pitched(address.get(JAVA_LONG, 0), pitch.get(JAVA_LONG, 0));
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    void free(Pitched memory) {
        undone(() -> (int) memFree.invokeExact(memory.address()));
    }

    /** Room for {@link #upload}: {@code CUDA_MEMCPY2D}. */
    static MemorySegment copyParameters(Arena arena) {
        return arena.allocate(MemoryLayout.sequenceLayout(16, JAVA_LONG));
    }

    /** Copies rows from the host's memory to a row of a picture and those below it; they are there when this returns. */
    void upload(
            MemorySegment copy, MemorySegment from, long fromPitch, Pitched to, long toRow, long rowBytes, long rows) {
        copy.set(JAVA_INT, 16, HOST);
        copy.set(ADDRESS, 24, from);
        copy.set(JAVA_LONG, 48, fromPitch);
        copy.set(JAVA_LONG, 64, toRow);
        copy.set(JAVA_INT, 72, DEVICE);
        copy.set(JAVA_LONG, 88, to.address());
        copy.set(JAVA_LONG, 104, to.pitchBytes());
        copy.set(JAVA_LONG, 112, rowBytes);
        copy.set(JAVA_LONG, 120, rows);
        try {
            check((int) memcpy2D.invokeExact(copy), "copies no picture");
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    /** Copies the rows of a picture to the host's memory, where each follows the last; they are there when this returns. */
    void download(Pitched from, MemorySegment to, long rowBytes, long rows) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = copyParameters(arena);
            copy.set(JAVA_INT, 16, DEVICE);
            copy.set(JAVA_LONG, 32, from.address());
            copy.set(JAVA_LONG, 48, from.pitchBytes());
            copy.set(JAVA_INT, 72, HOST);
            copy.set(ADDRESS, 80, to);
            copy.set(JAVA_LONG, 104, rowBytes);
            copy.set(JAVA_LONG, 112, rowBytes);
            copy.set(JAVA_LONG, 120, rows);
            check((int) memcpy2D.invokeExact(copy), "gives no picture back");
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    MemorySegment createStream() {
        return made("makes no stream", place -> (int) streamCreate.invokeExact(place, 0));
    }

    void destroyStream(MemorySegment stream) {
        undone(() -> (int) streamDestroy.invokeExact(stream));
    }

    /** Loads a program in PTX; the driver translates it for its GPU. */
    MemorySegment loadModule(MemorySegment ptx) {
        return made("takes no kernel", place -> (int) moduleLoadData.invokeExact(place, ptx));
    }

    void unloadModule(MemorySegment module) {
        undone(() -> (int) moduleUnload.invokeExact(module));
    }

    MemorySegment kernel(MemorySegment module, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return made("finds no kernel " + name, place -> (int) moduleGetFunction.invokeExact(place, module, text));
        }
    }

    /** Has a kernel run over a grid of blocks. */
    void launch(
            MemorySegment kernel,
            int across,
            int down,
            int blockWidth,
            int blockHeight,
            MemorySegment stream,
            MemorySegment values) {
        try {
            check(
                    (int) launchKernel.invokeExact(
                            kernel, across, down, 1, blockWidth, blockHeight, 1, 0, stream, values, MemorySegment.NULL),
                    "runs no kernel");
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    /** Waits for all that was launched on a stream. */
    void await(MemorySegment stream) {
        try {
            check((int) streamSynchronize.invokeExact(stream), "ends no kernel");
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    private interface Making {
        int in(MemorySegment place) throws Throwable;
    }

    private interface Undoing {
        int now() throws Throwable;
    }

    /** What a function hands out. */
    private static MemorySegment made(String otherwise, Making making) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            check(making.in(place), otherwise);
            return place.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    /** Gives something back. A device that is gone answers with an error, and there is nothing to do about it. */
    private static void undone(Undoing undoing) {
        try {
            int ignored = undoing.now();
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    static void check(int result, String what) {
        if (result != 0) {
            throw new StreamException(
                    result == OUT_OF_MEMORY ? EncodeError.DEVICE_FULL : EncodeError.DEVICE_LOST,
                    "the GPU " + what + (result == OUT_OF_MEMORY ? ": its memory is full" : ": CUDA error " + result));
        }
    }
}
