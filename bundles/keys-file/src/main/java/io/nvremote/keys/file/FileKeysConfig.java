// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The files of one end of TLS. A factory: one for each name. */
@ObjectClassDefinition(name = "Certificate and key from files")
public @interface FileKeysConfig {

    String PID = "io.nvremote.keys.file";

    @AttributeDefinition(
            description =
                    "The name that users choose by: server for the web server's TLS ports, gateway for a gateway's control port, control-plane for the links to gateways.")
    String keys_name();

    @AttributeDefinition(description = "PEM file: the own certificate, then those between it and the root.")
    String certificate_file();

    @AttributeDefinition(description = "PEM file: the certificate's private key, PKCS#8. Readable by its owner only.")
    String key_file();

    @AttributeDefinition(description = "PEM file: the certificates that others' certificates must come from.")
    String authority_file();
}
