// SPDX-License-Identifier: Apache-2.0
package io.nvremote.forwarded;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of trusted proxies. Without one nobody is believed. */
@ObjectClassDefinition(name = "Trusted proxies")
public @interface ForwardedConfig {

    String PID = "io.nvremote.forwarded";

    @AttributeDefinition(
            description =
                    "Addresses or networks (192.0.2.4, 10.0.0.0/8, fd00::/8) of proxies whose X-Forwarded-For is believed.")
    String[] proxies();
}
