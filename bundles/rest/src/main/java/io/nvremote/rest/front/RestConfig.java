// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Limits of the HTTP resources. */
@ObjectClassDefinition(name = "HTTP resources")
@interface RestConfig {

    String PID = "io.nvremote.rest";

    @AttributeDefinition(
            description = "Access tokens of one address that may be refused at once; more are refused unread with 429.")
    int refused_burst() default 300;

    @AttributeDefinition(description = "The same a second after that.")
    int refused_per_second() default 10;
}
