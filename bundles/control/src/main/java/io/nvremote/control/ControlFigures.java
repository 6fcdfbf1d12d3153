// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.StreamException;
import io.nvremote.telemetry.Counter;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import java.util.function.Supplier;

/** The names of what this control plane counts, and what became of requests to connect. Safe for any thread. */
final class ControlFigures {

    static final Metric HOSTS = count("connected_hosts", "Hosts whose sockets are here.");
    static final Metric CLIENTS = count("connected_clients", "Clients whose sockets are here.");
    static final Metric HEARTBEAT_BATCHES =
            count("heartbeat_batches", "Writes of heartbeats to the database, each of many hosts.");
    static final Metric WRITTEN_HEARTBEATS = count("written_heartbeats", "Heartbeats written, one a host and write.");

    private static final Metric CONNECTS = Metric.of(
            "nvremote_control_connect_requests",
            "",
            "Requests to connect to a host, by what became of them.",
            "outcome");

    private final Counter connected = new Counter(CONNECTS, "connected");
    private final Counter refused = new Counter(CONNECTS, "refused");

    private static Metric count(String name, String help) {
        return Metric.of("nvremote_control_" + name, "", help);
    }

    /** Connects and counts what becomes of it. */
    <T> T connecting(Supplier<T> work) {
        try {
            T connection = work.get();
            connected.increment();
            return connection;
        } catch (StreamException e) {
            refused.increment();
            throw e;
        }
    }

    void report(MetricReport to) {
        connected.report(to);
        refused.report(to);
    }
}
