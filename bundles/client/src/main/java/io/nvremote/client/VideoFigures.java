// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.Totals.Figure;
import java.util.List;

/** The names of what the client counts of pictures. */
final class VideoFigures {

    static final List<Figure<VideoTrack>> ALL = List.of(
            figure("units_received", count("received_pictures", "Pictures received.")),
            figure("pictures_shown", count("shown_pictures", "Pictures that the view has shown.")),
            figure("units_dropped", count("dropped_pictures", "Pictures given up as incomplete or not decodable.")),
            figure("packets_lost", count("lost_packets", "Packets that never came, repair included.")),
            figure(
                    "bytes_received",
                    Metric.of("nvremote_client_received_bytes", "bytes", "Pictures received, in bytes.")));

    private VideoFigures() {}

    private static Metric count(String name, String help) {
        return Metric.of("nvremote_client_" + name, "", help);
    }

    /** @param counter of each track */
    private static Figure<VideoTrack> figure(String counter, Metric metric) {
        return new Figure<>(metric, track -> track.counters().getOrDefault(counter, 0L));
    }
}
