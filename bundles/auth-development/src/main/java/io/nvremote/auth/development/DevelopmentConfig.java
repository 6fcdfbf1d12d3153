// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.development;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the development identity provider. Without a configuration it does not exist. */
@ObjectClassDefinition(name = "Development identity provider: never for production")
public @interface DevelopmentConfig {

    String PID = "io.nvremote.auth.development";

    @AttributeDefinition(
            description = "Our issuer URL: a loopback address, a port, and the path /development-identity.")
    String issuer();

    @AttributeDefinition(description = "The one client.")
    String client_id() default "nvremote-development";

    @AttributeDefinition(description = "The one address that browsers are sent back to.")
    String redirect_uri();

    @AttributeDefinition(description = "Who can be chosen: id, name and e-mail address, with | between them.")
    String[] users() default {"ada|Ada Lovelace|ada@example.com", "grace|Grace Hopper|grace@example.com"};
}
