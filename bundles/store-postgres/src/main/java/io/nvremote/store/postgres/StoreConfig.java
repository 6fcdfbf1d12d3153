// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the store. */
@ObjectClassDefinition(name = "Store in PostgreSQL")
public @interface StoreConfig {

    String PID = "io.nvremote.store.postgres";

    @AttributeDefinition(description = "Most connections held open at once.")
    int pool_size() default 10;

    @AttributeDefinition(
            description = "How long a call waits for the database before it fails, as an ISO-8601 duration.")
    String patience() default "PT5S";

    @AttributeDefinition(description = "How long one statement may take, as an ISO-8601 duration.")
    String statement_timeout() default "PT15S";
}
