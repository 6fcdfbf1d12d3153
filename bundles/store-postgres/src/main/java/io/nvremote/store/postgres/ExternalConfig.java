// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of an external PostgreSQL server. */
@ObjectClassDefinition(name = "External PostgreSQL server")
@interface ExternalConfig {

    String PID = "io.nvremote.store.postgres.external";

    @AttributeDefinition(
            description =
                    "JDBC URL without user and password: jdbc:postgresql://host:5432/nvremote?sslmode=verify-full")
    String url();

    @AttributeDefinition(description = "Role that owns the schema; used for steps of tables.")
    String owner_user() default "nvremote_owner";

    @AttributeDefinition(description = "Where the owner's password is: file:<path> or env:<name>.")
    String owner_password();

    @AttributeDefinition(description = "Role that the application uses: no superuser, no BYPASSRLS.")
    String app_user() default "nvremote_app";

    @AttributeDefinition(description = "Where the application role's password is: file:<path> or env:<name>.")
    String app_password();
}
