// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import io.nvremote.media.AccessUnit;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.ViewerTrack;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the process tells of all its video tracks, as they come and go. */
class VideoFiguresTest {

    private static final String LOST = "nvremote_client_lost_packets";

    private final VideoTrackFactory factory =
            new VideoTrackFactory(new FakeMedia(List.of(new byte[] {0, 0, 0, 1, 9, 16})), Clock.system());
    private final BlockingQueue<AccessUnit> units = new LinkedBlockingQueue<>();
    private final StreamView view = made(StreamView.class, (proxy, method, arguments) -> {
        if (method.getName().equals("unit")) {
            units.add((AccessUnit) arguments[0]);
        }
        return null;
    });
    private final TunnelPort port =
            made(TunnelPort.class, (proxy, method, arguments) -> method.getReturnType() == int.class ? 1200 : null);
    private final TrackContext context =
            made(TrackContext.class, (proxy, method, arguments) -> switch (method.getName()) {
                case "view" -> view;
                case "bind" -> port;
                default -> null;
            });

    private static <T> T made(Class<T> type, InvocationHandler does) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, does));
    }

    private Map<String, Long> told() {
        Map<String, Long> told = new TreeMap<>();
        factory.report(new MetricReport() {
            @Override
            public void counter(Metric metric, long value, String... labelValues) {
                told.put(metric.name(), value);
            }

            @Override
            public void gauge(Metric metric, double value, String... labelValues) {
                throw new IllegalStateException(metric.name());
            }
        });
        return told;
    }

    @Test
    void what_a_closed_track_counted_stays_and_the_next_ones_is_added() throws Exception {
        assertThat(told()).hasSize(5).allSatisfy((name, value) -> assertThat(value)
                .isZero());
        ViewerTrack first = factory.open(context);
        for (int i = 0; i < 3; i++) {
            AccessUnit unit = units.poll(20, TimeUnit.SECONDS);
            assertThat(unit).isNotNull();
            ((VideoFeed) first).shown(unit.sequence(), 1, 1);
        }
        assertThat(told()).containsEntry(LOST, 3L).containsEntry("nvremote_client_shown_pictures", 3L);
        first.close();
        first.close();
        Map<String, Long> before = told();
        assertThat(before).containsEntry(LOST, 3L).containsEntry("nvremote_client_shown_pictures", 3L);
        assertThat(before.get("nvremote_client_received_pictures")).isGreaterThanOrEqualTo(2);
        ViewerTrack second = factory.open(context);
        assertThat(told()).containsEntry(LOST, 6L).allSatisfy((name, value) -> assertThat(value)
                .isGreaterThanOrEqualTo(before.get(name)));
        second.close();
        assertThat(told()).containsEntry(LOST, 6L);
    }
}
