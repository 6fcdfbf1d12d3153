// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link NvfbcCapture}; keys {@code output}, {@code private.data} and {@code driver.folder}. */
@ObjectClassDefinition(name = "NvFBC capture")
public @interface NvfbcConfig {

    String PID = "io.nvremote.capture.nvfbc";

    @AttributeDefinition(
            name = "Output",
            description =
                    "Name of the one output of the X screen that is shown, as xrandr prints it; empty: the whole screen, or the output that is asked for (:0/DP-1).")
    String output() default "";

    @AttributeDefinition(
            name = "Private data",
            description = "Handed to the driver as it is, in hexadecimal digits, at most 64 bytes; empty: none.")
    String private_data() default "";

    @AttributeDefinition(
            name = "Folder of the driver",
            description = "That has libnvidia-fbc.so.1; empty: where the system's linker looks.")
    String driver_folder() default "";
}
