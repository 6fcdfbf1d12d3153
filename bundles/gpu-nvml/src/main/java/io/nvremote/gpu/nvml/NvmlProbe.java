// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import io.nvremote.core.Clock;
import io.nvremote.gpu.GpuCard;
import io.nvremote.gpu.GpuFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that NVIDIA's management library tells of a machine's GPUs that a stream may want, for who asks what a machine can do:
 * {@code ./nvremote gpu-check}. Calls the driver in this process, which a faulty one takes with it. For one thread.
 */
public final class NvmlProbe {

    /**
     * What came of listening to the GPUs' faults.
     *
     * @param heard how many GPUs tell of theirs
     * @param deaf by UUID, why the others do not
     * @param fault told meanwhile; null for none
     */
    public record Listened(
            int heard, Map<String, String> deaf, @Nullable GpuFault fault) {}

    private final NvmlLibrary library;

    /**
     * Loads the library and starts it.
     *
     * @throws UnsatisfiedLinkError if it can't be loaded
     * @throws IllegalStateException if it does not start; the message has its status
     */
    public NvmlProbe(String libraryName) {
        library = NvmlLibrary.load(libraryName);
    }

    public String driverVersion() {
        return library.driverVersion();
    }

    /** All GPUs; nobody listened to their faults. */
    public List<GpuCard> cards() {
        return library.devices().stream()
                .map(device -> library.card(device, gpu -> null))
                .toList();
    }

    /**
     * Listens to the faults of all GPUs for so long, or until there is one.
     *
     * @throws IllegalStateException if listening fails; the message has the status
     */
    public Listened listen(Duration time) {
        try (NvmlEvents events = new NvmlEvents(library)) {
            GpuFault fault = events.heard() == 0 ? null : events.next(time, Clock.system());
            return new Listened(events.heard(), events.deaf(), fault);
        }
    }
}
