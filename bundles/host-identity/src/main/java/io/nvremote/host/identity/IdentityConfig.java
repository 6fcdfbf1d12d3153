// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What becoming and staying a host of an organisation needs. */
@ObjectClassDefinition(name = "nvremote host identity")
@interface IdentityConfig {

    String PID = "io.nvremote.host.identity";

    @AttributeDefinition(
            description =
                    "Base of the control plane's REST interface, for enrolment: https://host:port. Plain http is for this machine alone.")
    String control_url();

    @AttributeDefinition(description = "Organisation to enrol in. Not needed once enrolled.")
    String org_id() default "";

    @AttributeDefinition(description = "File that holds the bootstrap token. Not needed once enrolled.")
    String token_file() default "";

    @AttributeDefinition(
            description = "Environment variable that holds the bootstrap token; used when token.file is empty.")
    String token_env() default "";

    @AttributeDefinition(
            description = "PEM file with the authority of control.url's certificate; empty: the JDK's trust.")
    String authority_file() default "";

    @AttributeDefinition(description = "Folder for the host's key and certificate. Readable by its owner only.")
    String data_folder();

    @AttributeDefinition(description = "Name to enrol under; empty: the machine's.")
    String host_name() default "";
}
