// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA's management library, first GPU. The only class of this bundle that touches native memory. Safe for any thread: every
 * call has memory of its own, and the library is thread-safe.
 */
final class NvmlLibrary {

    private static final int SUCCESS = 0;
    private static final int NAME_BYTES = 96;

    private final NativeLibrary library;
    private final Pointer device;

    /** A GPU now. Memory in MiB, load in percent. */
    record Reading(String name, double load, long memoryTotalMb, long memoryUsedMb) {}

    private NvmlLibrary(NativeLibrary library, Pointer device) {
        this.library = library;
        this.device = device;
    }

    /** Loads the library and takes the first GPU; null where there is no driver or no GPU. */
    static @Nullable NvmlLibrary open(String libraryName) {
        try {
            NativeLibrary library = NativeLibrary.getInstance(libraryName);
            PointerByReference device = new PointerByReference();
            boolean found = call(library, "nvmlInit_v2") == SUCCESS
                    && call(library, "nvmlDeviceGetHandleByIndex_v2", 0, device) == SUCCESS;
            return found ? new NvmlLibrary(library, device.getValue()) : null;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            return null; // No NVIDIA driver: an ordinary state.
        }
    }

    /** What the driver says now; null if it says nothing. */
    @Nullable
    Reading read() {
        try (Memory name = new Memory(NAME_BYTES);
                Memory load = new Memory(8);
                Memory memory = new Memory(24)) {
            name.clear();
            boolean told = call(library, "nvmlDeviceGetName", device, name, NAME_BYTES) == SUCCESS
                    && call(library, "nvmlDeviceGetUtilizationRates", device, load) == SUCCESS
                    && call(library, "nvmlDeviceGetMemoryInfo", device, memory) == SUCCESS;
            return told
                    ? new Reading(
                            name.getString(0, StandardCharsets.UTF_8.name()),
                            Math.clamp(load.getInt(0), 0, 100),
                            memory.getLong(0) >> 20, // nvmlMemory_t: total, free, used
                            memory.getLong(16) >> 20)
                    : null;
        }
    }

    private static int call(NativeLibrary library, String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }
}
