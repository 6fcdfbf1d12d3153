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

    @AttributeDefinition(
            description =
                    "PEM file: the control plane's certificate (spiffe://nvremote/control-plane), then its issuers.")
    String certificate_file();

    @AttributeDefinition(description = "PEM file: the certificate's private key, PKCS#8.")
    String key_file();

    @AttributeDefinition(description = "PEM file: the authority whose certificates are believed.")
    String ca_file();
}
