// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.nvremote.core.Clock;
import io.nvremote.gpu.GpuFault;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Wall: the faults (Xid) that NVML tells as events, of each GPU that tells them, from the moment it is made: what happened before
 * is told to nobody. Linux only, says NVIDIA. For one thread at a time, as NVML's sets of events are.
 */
final class NvmlEvents implements AutoCloseable {

    private static final long XID_CRITICAL_ERROR = 8;
    private static final int EVENT_BYTES = 32;
    private static final int NOT_SUPPORTED = 3;
    private static final int NO_PERMISSION = 4;
    private static final int TIMEOUT = 10;

    private final NvmlLibrary library;
    private final Map<String, String> deaf = new TreeMap<>();
    private final Memory event = new Memory(EVENT_BYTES);
    private final @Nullable Pointer set;
    private int heard;

    NvmlEvents(NvmlLibrary library) {
        this.library = library;
        PointerByReference made = new PointerByReference();
        int status = library.call("nvmlEventSetCreate", made);
        set = status == NvmlLibrary.SUCCESS ? made.getValue() : null;
        for (Pointer device : library.devices()) {
            int answer = set == null ? status : register(device, set);
            if (answer == NvmlLibrary.SUCCESS) {
                heard++;
            } else {
                deaf.put(library.uuid(device), meaning(answer));
            }
        }
    }

    private int register(Pointer device, Pointer to) {
        LongByReference types = new LongByReference();
        int status = library.call("nvmlDeviceGetSupportedEventTypes", device, types);
        if (status != NvmlLibrary.SUCCESS) {
            return status;
        }
        return (types.getValue() & XID_CRITICAL_ERROR) == 0
                ? NOT_SUPPORTED
                : library.call("nvmlDeviceRegisterEvents", device, XID_CRITICAL_ERROR, to);
    }

    private static String meaning(int status) {
        return switch (status) {
            case NOT_SUPPORTED -> "this GPU tells of no faults";
            case NO_PERMISSION -> "this process, or its container, may not hear of its faults";
            case NvmlLibrary.FUNCTION_NOT_FOUND -> "the driver is too old to tell of faults";
            default -> "NVML answers status " + status;
        };
    }

    /** How many GPUs are heard. */
    int heard() {
        return heard;
    }

    /** GPUs that are not heard, by UUID, and why. */
    Map<String, String> deaf() {
        return Map.copyOf(deaf);
    }

    /**
     * Waits for a fault of any GPU that is heard; null if there is none within {@code timeout}.
     *
     * @throws IllegalStateException if waiting fails: with a GPU that is lost it does, each time at once
     */
    @Nullable
    GpuFault next(Duration timeout, Clock clock) {
        event.clear();
        int status = waitFor((int) timeout.toMillis());
        if (status == TIMEOUT) {
            return null;
        }
        if (status != NvmlLibrary.SUCCESS) {
            throw new IllegalStateException("NVML's events fail: status " + status);
        }
        return event.getLong(8) == XID_CRITICAL_ERROR
                ? new GpuFault(library.uuid(event.getPointer(0)), event.getLong(16), clock.nanos())
                : null;
    }

    /** Drivers before 450 have the first version only, whose structure is the beginning of the second's. */
    private int waitFor(int millis) {
        Pointer from = Objects.requireNonNull(set, "no GPU is heard");
        int status = library.call("nvmlEventSetWait_v2", from, event, millis);
        return status == NvmlLibrary.FUNCTION_NOT_FOUND
                ? library.call("nvmlEventSetWait", from, event, millis)
                : status;
    }

    @Override
    public void close() {
        if (set != null) {
            library.call("nvmlEventSetFree", set);
        }
        event.close();
    }
}
