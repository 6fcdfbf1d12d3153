// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What all video tracks of this process counted, closed ones among them: a track's own counters end with it, and the process's never go
 * down. Nothing is counted twice: open tracks are asked. Safe for any thread.
 */
final class VideoTotals implements MetricSource {

    /** By the counter that each track keeps of it. */
    private static final Map<String, Metric> FIGURES = Map.of(
            "units_received", count("received_pictures", "Pictures received."),
            "pictures_shown", count("shown_pictures", "Pictures that the view has shown."),
            "units_dropped", count("dropped_pictures", "Pictures given up as incomplete or not decodable."),
            "packets_lost", count("lost_packets", "Packets that never came, repair included."),
            "bytes_received", Metric.of("nvremote_client_received_bytes", "bytes", "Pictures received, in bytes."));

    private final List<VideoTrack> open = new ArrayList<>();
    private final Map<String, Long> closed = new HashMap<>();

    private static Metric count(String name, String help) {
        return Metric.of("nvremote_client_" + name, "", help);
    }

    synchronized void opened(VideoTrack track) {
        open.add(track);
    }

    /** What it counts from now on is not told. Idempotent. */
    synchronized void closed(VideoTrack track) {
        if (open.remove(track)) {
            add(track, closed);
        }
    }

    private static void add(VideoTrack track, Map<String, Long> sums) {
        track.counters().forEach((name, value) -> sums.merge(name, value, Long::sum));
    }

    private synchronized Map<String, Long> now() {
        Map<String, Long> sums = new HashMap<>(closed);
        open.forEach(track -> add(track, sums));
        return sums;
    }

    @Override
    public void report(MetricReport to) {
        Map<String, Long> sums = now();
        FIGURES.forEach((name, metric) -> to.counter(metric, sums.getOrDefault(name, 0L)));
    }
}
