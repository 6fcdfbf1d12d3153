// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the internal certificate authority. */
@ObjectClassDefinition(name = "Internal certificate authority")
public @interface AuthorityConfig {

    String PID = "io.nvremote.directory";

    @AttributeDefinition(
            description = "Folder of the authority's key and certificate. Made at first start; back it up.")
    String ca_folder();

    @AttributeDefinition(
            description =
                    "How long after its certificate's end a host comes back by proof of its old key; PT0S: never, up to P3650D.")
    String certificate_grace() default "P30D";
}
