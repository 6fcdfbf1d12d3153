// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link X11Input}; key {@code display}. */
@ObjectClassDefinition(name = "X11 input")
public @interface X11Config {

    String PID = "io.nvremote.input.x11";

    @AttributeDefinition(
            name = "Display",
            description =
                    "Screen to type into where a stream names none, for example :0. Empty: the environment's DISPLAY.")
    String display() default "";
}
