// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Reads the machine's GPUs. A service. Safe for any thread. */
@ConsumerType
public interface GpuSensor {

    /**
     * A GPU now.
     *
     * @param load in percent, 0 to 100
     * @param memoryTotalMb in MiB, as the memory in use
     */
    record Reading(String name, double load, long memoryTotalMb, long memoryUsedMb) {}

    /**
     * What the driver says now of the first GPU, within some milliseconds; empty without a driver or a GPU, or if it says
     * nothing.
     */
    Optional<Reading> read();

    /** All GPUs with what the driver says of each, within some milliseconds; none where it can't be asked for all. */
    default List<GpuCard> cards() {
        return List.of();
    }

    /** The latest fault of any GPU since somebody listens, at once; empty also where nobody can. */
    default Optional<GpuFault> lastFault() {
        return Optional.empty();
    }
}
