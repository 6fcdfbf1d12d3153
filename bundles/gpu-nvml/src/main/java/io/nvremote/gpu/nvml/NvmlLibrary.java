// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.nvremote.core.Keys;
import io.nvremote.gpu.GpuSensor.Reading;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NVIDIA's management library, first GPU. The only class of this bundle that touches native memory. Safe for any thread: every
 * call has memory of its own, and the library is thread-safe.
 */
final class NvmlLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(NvmlLibrary.class);
    private static final int SUCCESS = 0;
    private static final int NAME_BYTES = 96;

    private final NativeLibrary library;
    private final Pointer device;

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
            report(libraryName, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** No driver is an ordinary state; a driver that is there and can't be read is something to mend, and is said. */
    private static void report(String libraryName, String why) {
        if (isMissing(libraryName, why)) {
            LOG.atInfo().addKeyValue(Keys.FILE, libraryName).log("no NVIDIA driver: no GPU is reported");
        } else {
            LOG.atWarn()
                    .addKeyValue(Keys.FILE, libraryName)
                    .addKeyValue(Keys.REASON, why.lines().findFirst().orElse(why))
                    .log("NVIDIA's library can't be loaded: no GPU is reported");
        }
    }

    /**
     * Whether the dynamic linker found no such file. Anything else (a folder mounted noexec, where JNA can't put its own part;
     * missing rights; a library of another architecture) has another sentence.
     */
    static boolean isMissing(String libraryName, String why) {
        return why.contains(libraryName + ": cannot open shared object file: No such file or directory");
    }

    /** What the driver says now; empty if it says nothing. */
    Optional<Reading> read() {
        try (Memory name = new Memory(NAME_BYTES);
                Memory load = new Memory(8);
                Memory memory = new Memory(24)) {
            name.clear();
            boolean told = call(library, "nvmlDeviceGetName", device, name, NAME_BYTES) == SUCCESS
                    && call(library, "nvmlDeviceGetUtilizationRates", device, load) == SUCCESS
                    && call(library, "nvmlDeviceGetMemoryInfo", device, memory) == SUCCESS;
            if (!told) {
                return Optional.empty();
            }
            return Optional.of(new Reading(
                    name.getString(0, StandardCharsets.UTF_8.name()),
                    Math.clamp(load.getInt(0), 0, 100),
                    memory.getLong(0) >> 20, // nvmlMemory_t: total, free, used
                    memory.getLong(16) >> 20));
        }
    }

    private static int call(NativeLibrary library, String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }
}
