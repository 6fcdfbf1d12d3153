// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link X11Capture}; key {@code display}. */
@ObjectClassDefinition(name = "X11 capture")
public @interface X11Config {

    String PID = "io.nvremote.capture.x11";

    @AttributeDefinition(
            name = "Display",
            description =
                    "Screen to capture where a stream names none, for example :0. Empty: the environment's DISPLAY.")
    String display() default "";
}
