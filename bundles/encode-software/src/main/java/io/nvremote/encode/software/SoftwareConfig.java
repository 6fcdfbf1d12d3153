// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link SoftwareEncoder}; keys {@code threads}, {@code sessions.max} and {@code library}. */
@ObjectClassDefinition(name = "Software encoder")
public @interface SoftwareConfig {

    String PID = "io.nvremote.encode.software";

    @AttributeDefinition(
            name = "Threads a stream",
            description =
                    "1 to 16. More than one cuts each picture of H.264 into as many slices: less delay, slightly larger.")
    int threads() default 2;

    @AttributeDefinition(
            name = "Most streams at once",
            description = "1 to 256; a further one is refused with DEVICE_FULL.")
    int sessions_max() default 8;

    @AttributeDefinition(
            name = "Library",
            description =
                    "Where openh264 comes from: system (libopenh264.so.7, version 2.3), ffmpeg (slower), or auto: the first of them that is there.")
    String library() default "auto";
}
