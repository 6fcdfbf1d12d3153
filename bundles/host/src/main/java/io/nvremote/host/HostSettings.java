// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.lib.settings.Settings;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link HostConfig}, checked. */
record HostSettings(URI signal, Path data, int maxSessions, StreamPlan plan, int statusPort) {

    private static final Settings READER = new Settings(HostConfig.PID);
    private static final Pattern CODEC = Pattern.compile("[a-z0-9]{1,16}");
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Settings that moved to the bundle that keeps the identity. */
    private static final Map<String, String> GONE = Stream.of(
                    "control.url", "org.id", "token.file", "token.env", "authority.file", "host.name")
            .collect(Collectors.toMap(key -> key, key -> "write it under io.nvremote.host.identity"));

    static HostSettings of(HostConfig c, Map<String, ?> present) {
        READER.defunct(present, GONE);
        return new HostSettings(
                READER.server("signal.url", c.signal_url(), "wss", "ws"),
                READER.path("data.folder", c.data_folder()),
                READER.integer("sessions.max", c.sessions_max(), 1, 64),
                plan(c),
                READER.integer("status.port", c.status_port(), -1, 65_535));
    }

    private static StreamPlan plan(HostConfig c) {
        return new StreamPlan(
                READER.text("capture.source", c.capture_source()),
                READER.textOrEmpty("capture.display", c.capture_display()),
                READER.read("capture.size", c.capture_size(), "WIDTHxHEIGHT, each 16 to 16384", HostSettings::size),
                READER.frameRate("capture.rate", c.capture_rate()),
                new Codec(READER.text("video.codec", c.video_codec(), CODEC, "a codec like h264, in small letters")),
                READER.bitrate("video.bitrate", c.video_bitrate()),
                READER.duration("encoder.hang", c.encoder_hang(), SHORTEST, LONGEST),
                READER.duration("encoder.open", c.encoder_open(), SHORTEST, LONGEST),
                READER.duration("client.silence", c.client_silence(), SHORTEST, LONGEST));
    }

    private static Size size(String text) {
        String[] sides = text.split("x", 2);
        return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }
}
