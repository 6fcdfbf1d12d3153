// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the gateway role. */
@ObjectClassDefinition(name = "Gateway")
public @interface GatewayConfig {

    String PID = "io.nvremote.gateway";

    @AttributeDefinition(
            description =
                    "The one address that peers send to, as text. Not the wildcard: answers would leave from another"
                            + " address, and the peers would follow it.")
    String bind_address();

    @AttributeDefinition(description = "UDP port of relay and STUN; 0 lets the system choose.")
    int udp_port() default 51820;

    @AttributeDefinition(
            description = "TCP port on loopback for /metrics, /livez and /readyz; 0 lets the system choose.")
    int metrics_port() default 9464;
}
