// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the roll-outs of bundles to hosts. */
@ObjectClassDefinition(name = "Roll-outs of bundles to hosts")
public @interface RolloutsConfig {

    String PID = "io.nvremote.rollouts";

    @AttributeDefinition(
            description =
                    "Folder of the bundles that are rolled out, how far they are, and the socket of the command line. Made owner-only.")
    String folder();

    @AttributeDefinition(
            name = "soak.time",
            description =
                    "How long a host has to stay connected with a new version before the next wave begins; ISO 8601.")
    String soak_time() default "PT30S";

    @AttributeDefinition(
            name = "answer.patience",
            description =
                    "How long a host may say nothing of what it was offered, or be away after it took it, before that is a failure; ISO 8601.")
    String answer_patience() default "PT5M";
}
