// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Endpoint;
import io.nvremote.lib.json.Json;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.viewer.ControlLink;
import io.nvremote.viewer.LatencyStage;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.ViewerSession;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns counters since the beginning into rates since the last call. One thread. */
final class PageMetrics {

    /** Percentiles look back this many pictures: two seconds at sixty a second. */
    private static final int WINDOW = 120;

    private @Nullable ReceiverStats before;
    private long shownBefore;
    private long atBefore;

    ObjectNode next(ViewerSession session, VideoFeed video) {
        long streamingNanos = session.streamed().toNanos();
        ReceiverStats now = video.received();
        long shown = video.shownCount();
        double seconds = (streamingNanos - atBefore) / 1e9;
        ReceiverStats last = before;
        ObjectNode out = Json.object();
        out.put("type", "figures");
        path(session, out);
        boolean known = last != null && seconds > 0;
        out.put("fps_received", known && last != null ? (now.units() - last.units()) / seconds : 0);
        out.put("fps_shown", known ? (shown - shownBefore) / seconds : 0);
        out.put("bits_per_second", known && last != null ? (now.bytes() - last.bytes()) * 8 / seconds : 0);
        out.put("loss", now.packets() + now.lost() == 0 ? 0 : (double) now.lost() / (now.packets() + now.lost()));
        long lost = last == null ? 0 : Math.max(0, now.lost() - last.lost());
        long came = last == null ? 0 : Math.max(0, now.packets() - last.packets());
        out.put("loss_now", lost == 0 ? 0 : (double) lost / (came + lost));
        out.put("repaired", now.repaired());
        out.put(
                "round_trip_ms",
                session.part(ControlLink.class)
                                .map(ControlLink::roundTrip)
                                .orElse(Duration.ZERO)
                                .toNanos()
                        / 1e6);
        out.put("duration_ms", streamingNanos / 1_000_000);
        VideoFeed.Latency total = video.latency(LatencyStage.TOTAL, WINDOW);
        out.put("total_p50_ms", orUnknown(total.p50()));
        out.put("total_p95_ms", orUnknown(total.p95()));
        Map<LatencyStage, Double> mean = video.meanMillis();
        if (mean.isEmpty()) {
            out.putNull("mean_ms");
        } else {
            ObjectNode stages = out.putObject("mean_ms");
            mean.forEach((stage, millis) -> stages.put(stage.name().toLowerCase(Locale.ROOT), millis));
        }
        before = now;
        shownBefore = shown;
        atBefore = streamingNanos;
        return out;
    }

    private static void path(ViewerSession session, ObjectNode out) {
        TunnelPath path = session.path();
        if (path == null) {
            return;
        }
        out.put("path", path.kind().name());
        out.put(
                "endpoint",
                path.endpoint().getAddress() == null
                        ? path.endpoint().toString()
                        : Endpoint.of(path.endpoint()).toString());
    }

    /** -1 where nothing was measured: JSON knows no NaN. */
    private static double orUnknown(double millis) {
        return Double.isNaN(millis) ? -1 : millis;
    }
}
