// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the embedded server. */
@ObjectClassDefinition(name = "Embedded PostgreSQL")
@interface EmbeddedConfig {

    String PID = "io.nvremote.store.postgres.embedded";

    @AttributeDefinition(description = "Folder of the server's programs, data, log and passwords. Made if missing.")
    String folder();

    @AttributeDefinition(description = "TCP port on 127.0.0.1; 0 for any free one.")
    int port() default 0;

    @AttributeDefinition(
            description = "The user that the server runs as when the runtime is root: PostgreSQL refuses to be root."
                    + " The default is made if it is not there.")
    String user() default ServerUser.OWN;

    @AttributeDefinition(description = "How long the server may take to start, as an ISO-8601 duration.")
    String start_timeout() default "PT60S";
}
