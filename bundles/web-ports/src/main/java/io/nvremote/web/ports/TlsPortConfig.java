// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One TLS 1.3 port of the web server. A factory: the one for hosts asks for client certificates. */
@ObjectClassDefinition(name = "nvremote TLS port")
public @interface TlsPortConfig {

    String PID = "io.nvremote.web.ports.tls";

    @AttributeDefinition(description = "TCP port; 0 takes a free one.")
    int port() default 9443;

    @AttributeDefinition(description = "Address to listen on; empty: all.")
    String address() default "";

    @AttributeDefinition(description = "Whether a client must show a certificate of the authority.")
    boolean client_certificate() default true;
}
