// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.track.TrackReport;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelStats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a session does, as the status page shows it: names to texts, numbers, maps and lists, which another version of this bundle can read. */
final class SessionFigures {

    private SessionFigures() {}

    static Map<String, Object> of(StreamSession session) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("session_id", session.id().toString());
        figures.put("up", session.isUp());
        figures.put("tracks", tracks(session::report));
        Tunnel tunnel = session.tunnel();
        if (tunnel != null) {
            TunnelStats stats = tunnel.stats();
            figures.put("path", tunnel.path().kind().name());
            figures.put("path_changes", stats.pathChanges());
            figures.put("tunnel_sent_bytes", stats.sentBytes());
            figures.put("tunnel_received_bytes", stats.receivedBytes());
            figures.put("tunnel_rejected", stats.rejected());
        }
        return figures;
    }

    /** What each track tells, by its name. */
    static Map<String, Object> tracks(Consumer<Function<String, TrackReport>> told) {
        Map<String, Object> tracks = new LinkedHashMap<>();
        told.accept(name -> {
            Map<String, Object> figures = new LinkedHashMap<>();
            tracks.put(name, figures);
            return new MapReport(figures);
        });
        return tracks;
    }

    private record MapReport(Map<String, Object> figures) implements TrackReport {

        @Override
        public void counter(String name, long value) {
            figures.put(name, value);
        }

        @Override
        public void fact(String name, @Nullable String value) {
            figures.put(name, value);
        }

        @Override
        public void gauge(String name, double value) {
            figures.put(name, value);
        }

        @Override
        @SuppressWarnings("unchecked") // a list of that name is one of entries
        public void entry(String list, Map<String, String> fields) {
            ((List<Map<String, String>>) figures.computeIfAbsent(list, name -> new ArrayList<>())).add(fields);
        }
    }
}
