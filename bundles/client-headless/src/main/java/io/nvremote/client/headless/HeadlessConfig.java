// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the run without a page, PID {@code io.nvremote.client.headless}. There is a run only where there is one. */
@ObjectClassDefinition(name = "Client without a page")
@interface HeadlessConfig {

    String PID = "io.nvremote.client.headless";

    @AttributeDefinition(
            description =
                    "PEM file with certificates to trust for the sign-in, beside the JDK's; empty for the JDK's alone")
    String control_ca() default "";

    @AttributeDefinition(description = "Who to sign in as at the development identity provider, id or e-mail address")
    String user() default "ada";

    @AttributeDefinition(description = "Name of the host to connect to; empty for the first that is online")
    String host() default "";

    @AttributeDefinition(
            description = "Which of the host's displays to watch (:0/DP-1); empty for the host's own choice")
    String display() default "";

    @AttributeDefinition(description = "Seconds to watch the stream")
    int seconds() default 20;

    @AttributeDefinition(description = "File that ends the watch before its time once it is there; empty: none")
    String stop_file() default "";

    @AttributeDefinition(description = "File that receives the JSON report; then the runtime stops")
    String report() default "";

    @AttributeDefinition(description = "What the pictures must show: testcard, x11, or any")
    String expect() default "any";

    @AttributeDefinition(
            description = "A decoder that works on one picture for longer counts as hanging and is replaced")
    String decoder_hang() default "PT2S";

    @AttributeDefinition(description = "A decoder that takes longer to open counts as hanging")
    String decoder_open() default "PT10S";
}
