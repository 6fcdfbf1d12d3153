// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What a host needs to know. */
@ObjectClassDefinition(name = "nvremote host")
@interface HostConfig {

    String PID = "io.nvremote.host";

    @AttributeDefinition(description = "The control plane's host port: wss://host:port/ws/host.")
    String signal_url();

    @AttributeDefinition(description = "Folder for the status file. Readable by its owner only.")
    String data_folder();

    @AttributeDefinition(description = "Sessions at once; more are answered busy.")
    int sessions_max() default 1;

    @AttributeDefinition(
            description =
                    "Picture source by its name, or auto: the one of the highest ranking that delivers; never one that is there by name only, such as the test card.")
    String capture_source() default "auto";

    @AttributeDefinition(
            description =
                    "Which screen, in the source's words (:0), or which output of it (:0/DP-1); empty: its default. A client may choose another output.")
    String capture_display() default "";

    @AttributeDefinition(description = "Wanted picture size; a real screen has its own.")
    String capture_size() default "1280x720";

    @AttributeDefinition(description = "Most pictures a second.")
    int capture_rate() default 30;

    @AttributeDefinition(
            description =
                    "Video codec: h264, hevc or av1. Where a client does not decode it or no encoder makes it, another that both can.")
    String video_codec() default "h264";

    @AttributeDefinition(description = "Video bitrate.")
    String video_bitrate() default "8Mbps";

    @AttributeDefinition(description = "An encoder that does not return a picture for so long is given up.")
    String encoder_hang() default "PT2S";

    @AttributeDefinition(
            description =
                    "An encoder, source or sink that does not open within this is given up. One that runs in a worker may have to start a process for it.")
    String encoder_open() default "PT10S";

    @AttributeDefinition(description = "A client that sends nothing for so long has left.")
    String client_silence() default "PT30S";

    @AttributeDefinition(
            description =
                    "Loopback port of the status page; 0 takes a free one, -1 switches it off. Port and token are in status.json of the data folder.")
    int status_port() default 0;
}
