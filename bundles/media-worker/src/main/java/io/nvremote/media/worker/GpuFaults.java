// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.gpu.GpuSensor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the GPUs' drivers told of while a worker ran, for who asks why it died. A fault that is told after its worker is gone is in the log
 * of its own. Safe for any thread.
 *
 * @param sensor of the moment; null where there is none
 */
record GpuFaults(Supplier<@Nullable GpuSensor> sensor) {

    /** The last since then, to be put behind a reason; empty for none. Whose doing it was is not told. */
    String since(long nanos) {
        GpuSensor asked = sensor.get();
        return asked == null
                ? ""
                : asked.lastFault()
                        .filter(fault -> fault.seenNanos() >= nanos)
                        .map(fault -> "; meanwhile the driver told of Xid " + fault.xid() + " on " + fault.gpu())
                        .orElse("");
    }
}
