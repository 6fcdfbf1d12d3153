// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The plain port of the web server, for this machine alone. */
@ObjectClassDefinition(name = "nvremote local port")
public @interface LocalPortConfig {

    String PID = "io.nvremote.web.ports.local";

    @AttributeDefinition(description = "TCP port on 127.0.0.1; 0 takes a free one.")
    int port() default 8480;
}
