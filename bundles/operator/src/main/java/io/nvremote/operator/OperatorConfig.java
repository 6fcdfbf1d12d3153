// SPDX-License-Identifier: Apache-2.0
package io.nvremote.operator;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the operator's way in. */
@ObjectClassDefinition(name = "Operator's commands")
public @interface OperatorConfig {

    String PID = "io.nvremote.operator";

    @AttributeDefinition(description = "The socket file of the command line; made owner-only.")
    String socket();
}
