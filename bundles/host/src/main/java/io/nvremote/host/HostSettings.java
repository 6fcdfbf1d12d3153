// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.CoreError;
import io.nvremote.core.FrameRate;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    static HostSettings of(HostConfig c) {
        URI control = read("control.url", c.control_url(), "an http or https address", URI::create);
        URI signal = read("signal.url", c.signal_url(), "a ws or wss address", URI::create);
        requireScheme("control.url", control, "https", "http");
        requireScheme("signal.url", signal, "wss", "ws");
        requireRange("sessions.max", c.sessions_max(), 1, 64);
        requireRange("status.port", c.status_port(), -1, 65535);
        return new HostSettings(
                control,
                signal,
                c.org_id().isBlank() ? null : read("org.id", c.org_id(), "a UUID", OrgId::of),
                new TokenSource(c.token_file(), c.token_env()),
                c.authority_file().isBlank() ? null : read("authority.file", c.authority_file(), "a path", Path::of),
                read("data.folder", c.data_folder(), "a path", Path::of).toAbsolutePath(),
                c.host_name().isBlank() ? machineName() : c.host_name(),
                c.sessions_max(),
                plan(c),
                c.status_port());
    }

    private static StreamPlan plan(HostConfig c) {
        return new StreamPlan(
                c.capture_source().equals("auto") ? List.of("x11", "testcard") : List.of(c.capture_source()),
                c.capture_display(),
                read("capture.size", c.capture_size(), "WIDTHxHEIGHT, each 16 to 16384", HostSettings::size),
                new FrameRate(c.capture_rate()),
                new Codec(c.video_codec()),
                Bitrate.parse(c.video_bitrate()),
                positive("encoder.hang", c.encoder_hang()),
                positive("encoder.open", c.encoder_open()),
                positive("client.silence", c.client_silence()));
    }

    private static Size size(String text) {
        String[] sides = text.split("x", 2);
        return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    private static Duration positive(String key, String text) {
        Duration duration = read(key, text, "a duration like PT2S", Duration::parse);
        if (duration.isNegative() || duration.isZero()) {
            throw wrong(key, text, "a positive duration", null);
        }
        return duration;
    }

    private static void requireScheme(String key, URI uri, String secure, String plain) {
        String host = uri.getHost();
        boolean fits = secure.equals(uri.getScheme()) || (plain.equals(uri.getScheme()) && LOOPBACK.contains(host));
        if (host == null || !fits) {
            throw wrong(key, uri.toString(), secure + "://host:port, or " + plain + " on this machine alone", null);
        }
    }

    private static void requireRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw wrong(key, Integer.toString(value), least + " to " + most, null);
        }
    }

    private static <T> T read(String key, @Nullable String text, String rule, Function<String, T> parse) {
        if (text == null || text.isBlank()) {
            throw wrong(key, "nothing", rule, null);
        }
        try {
            return parse.apply(text);
        } catch (RuntimeException e) {
            throw wrong(key, text, rule, e);
        }
    }

    private static StreamException wrong(String key, String value, String rule, @Nullable Throwable cause) {
        String message = HostConfig.PID + ": " + key + " is " + rule + ": " + value;
        return cause == null
                ? new StreamException(CoreError.INVALID_CONFIGURATION, message)
                : new StreamException(CoreError.INVALID_CONFIGURATION, message, cause);
    }

    private static String machineName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "host"; // A machine whose own name does not resolve still has to have one here.
        }
    }
}
