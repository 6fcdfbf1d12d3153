// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the control plane's role. */
@ObjectClassDefinition(name = "Control plane")
public @interface ControlConfig {

    String PID = "io.nvremote.control";

    @AttributeDefinition(description = "How long a host may take to answer an offer; PT1S to PT9S.")
    String answer_patience() default "PT8S";

    @AttributeDefinition(description = "A host that was not heard of for this long is offline; PT30S to PT10M.")
    String host_silence() default "PT35S";
}
