// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.lib.process.ProcessMetrics;
import io.nvremote.stream.StreamMessage;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.viewer.ControlLink;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.LatencyStage;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.ViewerSession;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was measured while watching, written into the report.
 *
 * @param problems what should have been seen and was not
 */
record SeenFigures(ObjectNode report, ArrayNode problems) {

    private static final int NEWEST = 1 << 15;

    /** @param before what was received when watching began, {@code nanos} ago; {@code shown} pictures since then */
    void stream(ViewerSession session, VideoFeed video, ReceiverStats before, long nanos, long shown) {
        double seconds = nanos / 1e9;
        report.put("seconds", seconds);
        info(session);
        frames(session, video);
        report.put("frames_per_second", shown / seconds);
        ReceiverStats now = video.received();
        report.put("bits_per_second", (now.bytes() - before.bytes()) * 8 / seconds);
        long expected = now.packets() + now.lost();
        report.put("loss", expected == 0 ? 0 : (double) now.lost() / expected);
        report.put("packets_lost", now.lost()).put("packets_repaired", now.repaired());
        TunnelPath path = session.path();
        report.put("path", path == null ? "" : path.kind().name());
        report.put("path_changes", session.pathChanges());
        Duration trip =
                session.part(ControlLink.class).map(ControlLink::roundTrip).orElse(Duration.ZERO);
        report.put("round_trip_ms", trip.toNanos() / 1e6);
        report.put("clock_offset_ms", video.hostClockOffsetNanos() / 1e6);
        latency(video);
        ObjectNode tracks = report.putObject("tracks");
        session.counters().forEach((name, counters) -> counters.forEach(tracks.putObject(name)::put));
    }

    private void info(ViewerSession session) {
        StreamMessage.StreamInfo info =
                session.part(HostFacts.class).map(HostFacts::info).orElse(null);
        if (info == null) {
            problems.add("the host never said what it streams");
            return;
        }
        report.put("codec", info.codec());
        report.put("width", info.width());
        report.put("height", info.height());
        report.put("capture", info.capture());
        report.put("encoder", info.encoder() + " " + info.encoderVersion());
    }

    private void frames(ViewerSession session, VideoFeed video) {
        ObjectNode frames = report.withObject("/frames");
        session.part(HostFacts.class).map(HostFacts::stats).ifPresent(host -> frames.put("captured", host.captured())
                .put("encoded", host.encoded())
                .put("sent", host.sent())
                .put("encoder_swaps", host.swaps())
                .put("encoder_failures", host.encoderFailures()));
        ReceiverStats now = video.received();
        frames.put("received", now.units()).put("shown", video.shownCount());
        frames.put("dropped_by_receiver", now.unitsDropped());
    }

    private void latency(VideoFeed video) {
        ObjectNode latency = report.putObject("latency_ms");
        for (LatencyStage stage : LatencyStage.values()) {
            VideoFeed.Latency took = video.latency(stage, NEWEST);
            if (!Double.isNaN(took.p50())) {
                latency.putObject(stage.name().toLowerCase(Locale.ROOT))
                        .put("p50", took.p50())
                        .put("p95", took.p95())
                        .put("p99", took.p99());
            }
        }
    }

    void view(HeadlessView view) {
        report.put("decoder", view.decoder());
        report.withObject("/frames")
                .put("dropped_by_viewer", view.dropped())
                .put("undecodable", view.undecodable())
                .put("decoder_swaps", view.figures().swaps())
                .put("decoder_failures", view.figures().failures());
    }

    /** CPU per picture and memory, of this process and of the host's. */
    void costs(
            StreamMessage.@Nullable Stats host,
            ProcessMetrics before,
            StreamMessage.@Nullable Stats hostBefore,
            long shown) {
        ProcessMetrics now = ProcessMetrics.now();
        ObjectNode cpu = report.putObject("cpu_ms_per_frame");
        ObjectNode memory = report.putObject("resident_bytes");
        if (shown > 0) {
            cpu.put("client", (now.cpuNanos() - before.cpuNanos()) / 1e6 / shown);
        }
        memory.put("client", now.residentBytes());
        if (host != null && hostBefore != null && host.sent() > hostBefore.sent()) {
            cpu.put("host", (host.cpuNanos() - hostBefore.cpuNanos()) / 1e6 / (host.sent() - hostBefore.sent()));
        }
        if (host != null) {
            memory.put("host", host.residentBytes());
        }
    }
}
