// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import io.nvremote.gpu.GpuSensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The first GPU as the driver describes it; says nothing where there is no driver. Safe for any thread. */
@Component(property = "service.ranking:Integer=0")
public final class NvmlSensor implements GpuSensor {

    private final @Nullable NvmlLibrary library;

    @Activate
    public NvmlSensor() {
        this(NvmlLibrary.open("libnvidia-ml.so.1"));
    }

    NvmlSensor(@Nullable NvmlLibrary library) {
        this.library = library;
    }

    @Override
    public Optional<Reading> read() {
        return library == null ? Optional.empty() : library.read();
    }
}
