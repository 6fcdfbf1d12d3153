// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link SoftwareEncoder}; keys {@code threads} and {@code sessions.max}. */
@ObjectClassDefinition(name = "Software encoder")
public @interface SoftwareConfig {

    String PID = "io.nvremote.encode.software";

    @AttributeDefinition(
            name = "Threads a stream",
            description = "1 to 16. More than one cuts each picture into as many slices: less delay, slightly larger.")
    int threads() default 2;

    @AttributeDefinition(
            name = "Most streams at once",
            description = "1 to 256; a further one is refused with DEVICE_FULL.")
    int sessions_max() default 8;
}
