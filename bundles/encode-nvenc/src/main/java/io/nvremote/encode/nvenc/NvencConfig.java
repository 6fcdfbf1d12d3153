// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link NvencEncoder}; keys {@code gpu}, {@code sessions.max}, {@code slots.folder} and {@code driver.folder}. */
@ObjectClassDefinition(name = "NVENC encoder")
public @interface NvencConfig {

    String PID = "io.nvremote.encode.nvenc";

    @AttributeDefinition(
            name = "GPU",
            description = "UUID of the GPU as nvidia-smi -L prints it; empty: the first that has an encoder.")
    String gpu() default "";

    @AttributeDefinition(
            name = "Most streams at once",
            description =
                    "1 to 256 on the GPU, of all processes together; a further one is refused with DEVICE_FULL, and before that if the driver has no more sessions. The last one is kept for streams that run and change to another version.")
    int sessions_max() default 32;

    @AttributeDefinition(
            name = "Folder of slots",
            description =
                    "Where the processes count their streams, of their user alone; empty: nvremote-nvenc-<user> in the system's folder for temporary files.")
    String slots_folder() default "";

    @AttributeDefinition(
            name = "Folder of the driver",
            description = "That has libcuda.so.1 and libnvidia-encode.so.1; empty: where the system's linker looks.")
    String driver_folder() default "";
}
