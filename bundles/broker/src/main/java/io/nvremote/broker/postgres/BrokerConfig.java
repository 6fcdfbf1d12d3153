// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of {@link PostgresBroker}. */
@ObjectClassDefinition(name = "Sessions and tunnel addresses")
public @interface BrokerConfig {

    String PID = "io.nvremote.broker";

    @AttributeDefinition(description = "How long a session may wait for its host; PT1S to PT5M.")
    String pending_timeout() default "PT15S";

    @AttributeDefinition(description = "The longest a session may last; PT1M to PT24H.")
    String longest() default "PT8H";

    @AttributeDefinition(
            description =
                    "How long the host of a running session may be unheard of before the session ends; PT30S to PT1H.")
    String host_lost() default "PT5M";

    @AttributeDefinition(description = "How long a pair of addresses rests after its session; PT180S to PT1H.")
    String quarantine() default "PT180S";
}
