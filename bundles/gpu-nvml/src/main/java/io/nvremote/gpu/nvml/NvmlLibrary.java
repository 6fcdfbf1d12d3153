// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.nvremote.core.Keys;
import io.nvremote.gpu.GpuCard;
import io.nvremote.gpu.GpuFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wall: NVIDIA's management library. With {@link NvmlEvents} all of this bundle that touches native memory. Safe for any thread:
 * every call has memory of its own, and the library is thread-safe.
 */
final class NvmlLibrary {

    static final String NAME = "libnvidia-ml.so.1";
    static final int SUCCESS = 0;
    /** What the library itself answers for a function that the driver below it does not have. */
    static final int FUNCTION_NOT_FOUND = 13;

    private static final Logger LOG = LoggerFactory.getLogger(NvmlLibrary.class);
    private static final int TEXT_BYTES = 96;
    private static final int MB_SHIFT = 20;

    private final NativeLibrary library;

    private NvmlLibrary(NativeLibrary library) {
        this.library = library;
    }

    /**
     * Loads the library and starts it.
     *
     * @throws UnsatisfiedLinkError if it can't be loaded
     * @throws IllegalStateException if it does not start; the message has its status
     */
    static NvmlLibrary load(String libraryName) {
        NvmlLibrary loaded = new NvmlLibrary(NativeLibrary.getInstance(libraryName));
        int status = loaded.call("nvmlInit_v2");
        if (status != SUCCESS) {
            throw new IllegalStateException("NVML does not start: status " + status);
        }
        return loaded;
    }

    /** As {@link #load}; null, and said in the log, where there is no driver. */
    static @Nullable NvmlLibrary open(String libraryName) {
        try {
            return load(libraryName);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | IllegalStateException e) {
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
                    .log("NVIDIA's library can't be used: no GPU is reported");
        }
    }

    /**
     * Whether the dynamic linker found no such file. Anything else (a folder mounted noexec, where JNA can't put its own part;
     * missing rights; a library of another architecture) has another sentence.
     */
    static boolean isMissing(String libraryName, String why) {
        return why.contains(libraryName + ": cannot open shared object file: No such file or directory");
    }

    /** Empty if it is not told. */
    String driverVersion() {
        return text("nvmlSystemGetDriverVersion");
    }

    /** The library's own pointers, each as long as the process. */
    List<Pointer> devices() {
        IntByReference count = new IntByReference();
        List<Pointer> found = new ArrayList<>();
        if (call("nvmlDeviceGetCount_v2", count) == SUCCESS) {
            for (int i = 0; i < count.getValue(); i++) {
                PointerByReference device = new PointerByReference();
                if (call("nvmlDeviceGetHandleByIndex_v2", i, device) == SUCCESS) {
                    found.add(device.getValue());
                }
            }
        }
        return found;
    }

    /** Empty if it is not told. */
    String uuid(Pointer device) {
        return text("nvmlDeviceGetUUID", device);
    }

    /**
     * What the driver says of a GPU now.
     *
     * @param faults the last of each, by UUID
     */
    GpuCard card(Pointer device, Function<String, @Nullable GpuFault> faults) {
        String uuid = uuid(device);
        try (Memory load = new Memory(8);
                Memory memory = new Memory(24);
                Memory sessions = new Memory(12)) {
            boolean loadTold = call("nvmlDeviceGetUtilizationRates", device, load) == SUCCESS;
            boolean memoryTold = call("nvmlDeviceGetMemoryInfo", device, memory) == SUCCESS; // total, free, used
            Integer encoders =
                    call("nvmlDeviceGetEncoderStats", device, sessions, sessions.share(4), sessions.share(8)) == SUCCESS
                            ? Integer.valueOf(sessions.getInt(0))
                            : null;
            Integer captures = call("nvmlDeviceGetFBCStats", device, sessions) == SUCCESS
                    ? Integer.valueOf(sessions.getInt(0))
                    : null;
            return new GpuCard(
                    uuid,
                    text("nvmlDeviceGetName", device),
                    driverVersion(),
                    loadTold ? Integer.valueOf(Math.clamp(load.getInt(0), 0, 100)) : null,
                    memoryTold ? Long.valueOf(memory.getLong(0) >> MB_SHIFT) : null,
                    memoryTold ? Long.valueOf(memory.getLong(16) >> MB_SHIFT) : null,
                    encoders,
                    captures,
                    faults.apply(uuid));
        }
    }

    /** What a function writes that takes room and its size last. */
    private String text(String function, Object... first) {
        try (Memory text = new Memory(TEXT_BYTES)) {
            text.clear();
            Object[] arguments = new Object[first.length + 2];
            System.arraycopy(first, 0, arguments, 0, first.length);
            arguments[first.length] = text;
            arguments[first.length + 1] = TEXT_BYTES;
            return call(function, arguments) == SUCCESS ? text.getString(0, StandardCharsets.UTF_8.name()) : "";
        }
    }

    /** What a function answers. One that this driver does not have answers so. */
    int call(String function, Object... arguments) {
        try {
            return library.getFunction(function).invokeInt(arguments);
        } catch (UnsatisfiedLinkError e) {
            return FUNCTION_NOT_FOUND;
        }
    }
}
