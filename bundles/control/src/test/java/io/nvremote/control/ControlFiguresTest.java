// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditTrail;
import io.nvremote.connect.ConnectError;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.presence.Lease;
import io.nvremote.presence.PendingAnswers;
import io.nvremote.presence.Presence;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ControlFiguresTest {

    /** Hosts that each of the next writes takes. */
    private final Deque<Integer> written = new ArrayDeque<>();

    private final PresenceRecorder recorder = new PresenceRecorder(
            made(Presence.class, (proxy, method, arguments) -> switch (method.getName()) {
                case "hosts" -> Collections.<Lease>nCopies(3, null);
                case "clients" -> Collections.<Lease>nCopies(5, null);
                default -> null;
            }),
            made(PendingAnswers.class, (proxy, method, arguments) -> null),
            made(Directory.class, (proxy, method, arguments) -> written.remove()),
            new HostNews(
                    made(Presence.class, (proxy, method, arguments) -> null),
                    made(Directory.class, (proxy, method, arguments) -> null)),
            made(AuditTrail.class, (proxy, method, arguments) -> null));

    private static <T> T made(Class<T> type, InvocationHandler does) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, does));
    }

    private static Map<String, Double> told(MetricSource source) {
        Map<String, Double> told = new TreeMap<>();
        source.report(new MetricReport() {
            @Override
            public void counter(Metric metric, long value, String... labelValues) {
                gauge(metric, (double) value, labelValues);
            }

            @Override
            public void gauge(Metric metric, double value, String... labelValues) {
                told.put(metric.name() + List.of(labelValues), value);
            }
        });
        return told;
    }

    @Test
    void who_is_connected_is_told_and_what_was_written_of_hosts() {
        written.addAll(List.of(0, 7, 0, 2));
        for (int i = 0; i < 4; i++) {
            recorder.flush();
        }
        assertThat(told(recorder))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "nvremote_control_connected_hosts[]", 3.0,
                        "nvremote_control_connected_clients[]", 5.0,
                        "nvremote_control_heartbeat_batches[]", 2.0,
                        "nvremote_control_written_heartbeats[]", 9.0));
    }

    @Test
    void requests_to_connect_are_told_by_what_became_of_them() {
        ControlFigures figures = new ControlFigures();
        assertThat(figures.<String>connecting(() -> "a connection")).isEqualTo("a connection");
        StreamException busy = new StreamException(ConnectError.SESSION_HOST_BUSY, "busy");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> figures.connecting(() -> {
                        throw busy;
                    }))
                    .isSameAs(busy);
        }
        assertThat(told(figures::report))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "nvremote_control_connect_requests[connected]", 1.0,
                        "nvremote_control_connect_requests[refused]", 2.0));
    }
}
