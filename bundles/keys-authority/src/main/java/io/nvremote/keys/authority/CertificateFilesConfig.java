// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.authority;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the certificate files. */
@ObjectClassDefinition(name = "Certificate files")
public @interface CertificateFilesConfig {

    String PID = "io.nvremote.keys.authority";

    @AttributeDefinition(description = "Folder for the files; made owner-only.")
    String folder();

    @AttributeDefinition(description = "Names under which this control plane is reached; localhost is always there.")
    String[] dns_names() default {};

    @AttributeDefinition(
            description = "Addresses under which this control plane is reached; 127.0.0.1 and ::1 are always there.")
    String[] ip_addresses() default {};

    @AttributeDefinition(description = "Ids of gateways to write certificates for, when they run on this machine.")
    String[] gateways() default {};
}
