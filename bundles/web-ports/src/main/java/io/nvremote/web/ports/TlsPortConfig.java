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

    @AttributeDefinition(description = "PEM file: the server's certificate, then those between it and the root.")
    String certificate_file();

    @AttributeDefinition(description = "PEM file: the certificate's private key, PKCS#8. Readable by its owner only.")
    String key_file();

    @AttributeDefinition(description = "PEM file: the certificates that clients' certificates must come from.")
    String authority_file();
}
