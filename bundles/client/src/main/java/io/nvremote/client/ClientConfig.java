// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the client, PID {@code io.nvremote.client}. */
@ObjectClassDefinition(name = "nvremote client")
@interface ClientConfig {

    String PID = "io.nvremote.client";

    @AttributeDefinition(description = "Base address of the control plane, https, without a path")
    String control_url() default "https://127.0.0.1:8443";

    @AttributeDefinition(
            description =
                    "Where browsers reach the control plane for sign-in, as its own public.url says; empty: control.url")
    String signin_url() default "";

    @AttributeDefinition(
            description =
                    "PEM file with certificates to trust for the control plane, beside the JDK's; empty for the JDK's alone")
    String control_ca() default "";

    @AttributeDefinition(description = "Way of datagrams: auto (relay, then direct) or relay")
    String path_policy() default "auto";

    @AttributeDefinition(
            description =
                    "PT5S to PT10M. A session whose host is silent for longer is over; until then it is interrupted.")
    String host_silence() default "PT20S";
}
