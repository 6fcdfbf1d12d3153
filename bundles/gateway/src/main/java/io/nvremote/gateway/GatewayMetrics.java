// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.relay.RelayCounters;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;

/**
 * The names of what the gateway counts. What a relay tells of itself is reported from here, so that another relay appears by
 * the same names on the same dashboards.
 */
final class GatewayMetrics {

    static final Metric RECEIVED = count("received_datagrams", "Datagrams that arrived.");
    static final Metric SEND_FAILURES = count("send_failures", "Datagrams that the system did not take.");
    static final Metric RELAY_FAILURES = count("relay_failures", "Datagrams the relay failed on: a defect.");

    private static final Metric SESSIONS = count("sessions", "Sessions in the relay's table.");
    private static final Metric BOUND_SIDES = count("bound_sides", "Sides whose address is known.");
    private static final Metric RELAYED_DATAGRAMS = count("relayed_datagrams", "Datagrams passed on.");
    private static final Metric RELAYED_BYTES =
            Metric.of("nvremote_gateway_relayed_bytes", "bytes", "UDP payload passed on, in bytes.");
    private static final Metric STUN_ANSWERS = count("stun_answers", "STUN requests answered.");
    private static final Metric DROPPED =
            Metric.of("nvremote_gateway_dropped_datagrams", "", "Datagrams not passed on, by reason.", "reason");

    private GatewayMetrics() {}

    static void report(RelayCounters relay, MetricReport to) {
        to.gauge(SESSIONS, (double) relay.sessions());
        to.gauge(BOUND_SIDES, (double) relay.bound());
        to.counter(RELAYED_DATAGRAMS, relay.datagrams());
        to.counter(RELAYED_BYTES, relay.bytes());
        to.counter(STUN_ANSWERS, relay.stunAnswers());
        relay.drops().forEach((reason, count) -> to.counter(DROPPED, count, reason));
    }

    private static Metric count(String name, String help) {
        return Metric.of("nvremote_gateway_" + name, "", help);
    }
}
