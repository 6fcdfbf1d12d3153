// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the control plane's end: one for each gateway. */
@ObjectClassDefinition(name = "Gateway link")
public @interface GatewayLinkConfig {

    String PID = "io.nvremote.relay.grpc.client";

    @AttributeDefinition(
            description = "The gateway's id, a UUID; its certificate must name spiffe://nvremote/gateway/<id>.")
    String gateway_id();

    @AttributeDefinition(description = "host:port of the gateway's control port, IPv6 in brackets.")
    String target();
}
