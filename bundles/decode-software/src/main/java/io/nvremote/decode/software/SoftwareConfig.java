// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link SoftwareDecoder}; key {@code threads}. */
@ObjectClassDefinition(name = "Software decoder")
public @interface SoftwareConfig {

    String PID = "io.nvremote.decode.software";

    @AttributeDefinition(
            name = "Threads a stream",
            description =
                    "1 to 16. More than one helps only where the host cuts its pictures into slices; no delay is added.")
    int threads() default 1;
}
