// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the transport. */
@ObjectClassDefinition(name = "nvremote transport")
@interface TransportConfig {

    String PID = "io.nvremote.transport";

    @AttributeDefinition(
            name = "report.interval",
            description = "Time between two RTCP reports of a receiver, each with a clock question; PT0.01S to PT5S.")
    String report_interval() default "PT0.05S";

    @AttributeDefinition(
            name = "repair.deadline",
            description = "How long a lost packet is asked for before the picture is given up; PT0.01S to PT5S.")
    String repair_deadline() default "PT0.25S";

    @AttributeDefinition(
            name = "history",
            description = "How long a sender keeps packets to send them again; PT0.1S to PT10S.")
    String history() default "PT1S";
}
