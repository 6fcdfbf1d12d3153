// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Limits of both channels. */
@ObjectClassDefinition(name = "nvremote signaling channels")
@interface ChannelConfig {

    String PID = "io.nvremote.signaling";

    @AttributeDefinition(description = "Most open sockets of a channel; more are refused with 503.")
    int sockets_max() default 10_000;

    @AttributeDefinition(description = "Sockets that one address may open at once.")
    int open_burst() default 320;

    @AttributeDefinition(
            description = "Sockets that one address may open a second after that; more are refused with 503.")
    int open_per_second() default 32;

    @AttributeDefinition(description = "Most open sockets of a channel whose peers have not shown yet who they are.")
    int strangers_max() default 1_000;

    @AttributeDefinition(description = "The same of one address; more are refused with 503.")
    int strangers_per_address() default 32;

    @AttributeDefinition(description = "Messages that a peer may send at once.")
    int message_burst() default 256;

    @AttributeDefinition(description = "Messages that a peer may send a second after that; it is read no faster.")
    int messages_per_second() default 64;
}
