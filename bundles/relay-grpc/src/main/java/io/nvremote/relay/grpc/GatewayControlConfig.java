// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the gateway's end. */
@ObjectClassDefinition(name = "Gateway control port")
public @interface GatewayControlConfig {

    String PID = "io.nvremote.relay.grpc.server";

    @AttributeDefinition(
            description = "This gateway's id, a UUID; the certificate must name spiffe://nvremote/gateway/<id>.")
    String gateway_id();

    @AttributeDefinition(description = "Where peers send their datagrams: host:port of the UDP port, IPv6 in brackets.")
    String endpoint();

    @AttributeDefinition(description = "Address to listen on.")
    String bind_address() default "127.0.0.1";

    @AttributeDefinition(description = "TCP port; 0 lets the system choose.")
    int port() default 7443;
}
