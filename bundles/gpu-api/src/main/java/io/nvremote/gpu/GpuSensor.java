// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Reads the machine's first GPU. A service. Safe for any thread. */
@ConsumerType
public interface GpuSensor {

    /**
     * A GPU now.
     *
     * @param load in percent, 0 to 100
     * @param memoryTotalMb in MiB, as the memory in use
     */
    record Reading(String name, double load, long memoryTotalMb, long memoryUsedMb) {}

    /** What the driver says now, within some milliseconds; empty without a driver or a GPU, or if it says nothing. */
    Optional<Reading> read();
}
