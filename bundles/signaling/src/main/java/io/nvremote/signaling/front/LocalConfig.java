// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The plain port of the web server, for this machine alone. */
@ObjectClassDefinition(name = "nvremote local port")
@interface LocalConfig {

    String PID = "io.nvremote.signaling.local";

    @AttributeDefinition(description = "TCP port on 127.0.0.1; 0 takes a free one.")
    int port() default 8480;
}
