// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link NvmlSensor}; key {@code driver.folder}. */
@ObjectClassDefinition(name = "NVIDIA's GPUs")
public @interface NvmlConfig {

    String PID = "io.nvremote.gpu.nvml";

    @AttributeDefinition(
            name = "Folder of the driver",
            description = "That has libnvidia-ml.so.1; empty: where the system's linker looks.")
    String driver_folder() default "";
}
