// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.Totals.Figure;
import java.util.List;

/** The names of what the host counts. */
final class HostFigures {

    static final Metric SESSIONS = count("sessions", "Sessions that run.");
    static final Metric ONLINE = count("online", "1 while the control plane can be reached, else 0.");
    static final Metric RECONNECTS =
            count("signaling_reconnects", "Times that the link to the control plane was lost and came back.");

    static final Metric PLUGIN_FAILURES = Metric.of(
            "nvremote_host_plugin_failures",
            "",
            "Services that broke their contract and were set aside, by the part of a session that used them.",
            "part");

    static final List<Figure<VideoMetrics>> VIDEO = List.of(
            new Figure<>(count("captured_pictures", "Pictures captured."), video -> video.captured.get()),
            new Figure<>(count("encoded_pictures", "Pictures encoded."), video -> video.encoded.get()),
            new Figure<>(
                    count("dropped_pictures", "Pictures captured that no encoder made anything of."),
                    video -> video.dropped.get()),
            new Figure<>(
                    Metric.of("nvremote_host_sent_bytes", "bytes", "Encoded pictures sent, in bytes."),
                    video -> video.bytes.get()),
            new Figure<>(
                    count("encoder_swaps", "Encoders that took over a running stream."), video -> video.swaps.get()),
            new Figure<>(
                    count("plugin_hangs", "Encoders and picture sources that did not return in time."),
                    video -> video.hangs.get()),
            new Figure<>(
                    count("encoder_failures", "Encoders that failed, hung or made what no client could decode."),
                    video -> video.encoderFailures.get()));

    private HostFigures() {}

    private static Metric count(String name, String help) {
        return Metric.of("nvremote_host_" + name, "", help);
    }
}
