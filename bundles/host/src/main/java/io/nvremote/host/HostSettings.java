// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.OrgId;
import io.nvremote.lib.settings.Settings;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link HostConfig}, checked. */
record HostSettings(
        URI control,
        URI signal,
        @Nullable OrgId org,
        TokenSource token,
        @Nullable Path authority,
        Path data,
        String hostName,
        int maxSessions,
        StreamPlan plan,
        int statusPort) {

    private static final Logger LOG = LoggerFactory.getLogger(HostSettings.class);
    private static final Settings READER = new Settings(HostConfig.PID);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    static HostSettings of(HostConfig c) {
        return new HostSettings(
                READER.server("control.url", c.control_url(), "https", "http"),
                READER.server("signal.url", c.signal_url(), "wss", "ws"),
                c.org_id().isBlank() ? null : READER.read("org.id", c.org_id(), "a UUID", OrgId::of),
                new TokenSource(c.token_file(), c.token_env()),
                READER.pathOrNone("authority.file", c.authority_file()),
                READER.path("data.folder", c.data_folder()),
                c.host_name().isBlank() ? machineName() : c.host_name(),
                READER.integer("sessions.max", c.sessions_max(), 1, 64),
                plan(c),
                READER.integer("status.port", c.status_port(), -1, 65_535));
    }

    private static StreamPlan plan(HostConfig c) {
        return new StreamPlan(
                READER.text("capture.source", c.capture_source()),
                c.capture_display(),
                READER.read("capture.size", c.capture_size(), "WIDTHxHEIGHT, each 16 to 16384", HostSettings::size),
                READER.frameRate("capture.rate", c.capture_rate()),
                READER.read("video.codec", c.video_codec(), "a codec", Codec::new),
                READER.bitrate("video.bitrate", c.video_bitrate()),
                READER.duration("encoder.hang", c.encoder_hang(), SHORTEST, LONGEST),
                READER.duration("encoder.open", c.encoder_open(), SHORTEST, LONGEST),
                READER.duration("client.silence", c.client_silence(), SHORTEST, LONGEST));
    }

    private static Size size(String text) {
        String[] sides = text.split("x", 2);
        return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    /** As the kernel knows it: many machines of clouds and all containers have a name that no hosts file and no DNS holds. */
    private static String machineName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("no name from the kernel: asked by DNS");
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "host"; // Has to have one here.
        }
    }
}
