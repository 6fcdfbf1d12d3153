// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Wall: NvFBC, the capture interface of NVIDIA's driver, version 1.7. Every function answers a status of {@link NvfbcStatus}. The driver stays
 * loaded as long as the process. A handle's calls belong to the thread that created it.
 */
@SuppressWarnings("restricted") // native functions, as NVIDIA declares them
final class NvfbcLibrary {

    static final String NAME = "libnvidia-fbc.so.1";
    private static final int LIST_BYTES = 176;
    /** 1.7, as the interface writes it. */
    static final int VERSION = 0x107;

    /** Functions by their place in the list that the driver fills. */
    enum Call {
        CREATE_HANDLE(16),
        DESTROY_HANDLE(24),
        GET_STATUS(32),
        CREATE_CAPTURE_SESSION(40),
        DESTROY_CAPTURE_SESSION(48),
        TO_SYS_SET_UP(56),
        TO_SYS_GRAB_FRAME(64);

        private final long place;

        Call(long place) {
            this.place = place;
        }

        /** Bytes from the beginning of the list. */
        long place() {
            return place;
        }
    }

    private final MemorySegment list = Arena.ofAuto().allocate(LIST_BYTES, Long.BYTES);
    private final MethodHandle withHandle;
    private final MethodHandle create;

    NvfbcLibrary(@Nullable Path folder) {
        Linker linker = Linker.nativeLinker();
        withHandle = linker.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));
        create = linker.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        int status = fill(folder, list, VERSION);
        if (status != NvfbcStatus.SUCCESS) {
            throw NvfbcStatus.refused(status, "gives no functions");
        }
        for (Call each : Call.values()) {
            if (address(each).equals(MemorySegment.NULL)) {
                throw new StreamException(
                        CaptureError.SOURCE_UNAVAILABLE, "the driver has no " + each + ": install a newer one");
            }
        }
    }

    /** What the driver answers where it is to fill its list of functions for a version. */
    static int fill(@Nullable Path folder, int version) {
        return fill(folder, Arena.ofAuto().allocate(LIST_BYTES, Long.BYTES), version);
    }

    private static int fill(@Nullable Path folder, MemorySegment list, int version) {
        MethodHandle fill = Linker.nativeLinker()
                .downcallHandle(
                        symbols(folder)
                                .find("NvFBCCreateInstance")
                                .orElseThrow(() -> new StreamException(
                                        CaptureError.SOURCE_UNAVAILABLE,
                                        NAME + " is no NvFBC: install NVIDIA's driver anew")),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS));
        list.set(JAVA_INT, 0, version);
        try {
            return (int) fill.invokeExact(list);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static SymbolLookup symbols(@Nullable Path folder) {
        try {
            return folder == null
                    ? SymbolLookup.libraryLookup(NAME, Arena.global())
                    : SymbolLookup.libraryLookup(folder.resolve(NAME), Arena.global());
        } catch (IllegalArgumentException e) {
            throw new StreamException(
                    CaptureError.SOURCE_UNAVAILABLE,
                    NAME + " can't be loaded" + (folder == null ? "" : " from " + folder)
                            + ": install NVIDIA's driver, or give a container the capability display",
                    e);
        }
    }

    private MemorySegment address(Call call) {
        return list.get(ADDRESS, call.place);
    }

    int createHandle(MemorySegment handle, MemorySegment parameters) {
        try {
            return (int) create.invokeExact(address(Call.CREATE_HANDLE), handle, parameters);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int call(Call call, long handle, MemorySegment parameters) {
        try {
            return (int) withHandle.invokeExact(address(call), handle, parameters);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A native function throws nothing: what comes is an error of the virtual machine. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
