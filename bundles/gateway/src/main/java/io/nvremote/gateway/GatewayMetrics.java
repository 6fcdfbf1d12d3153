// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.relay.RelayCounters;

/** The gateway's figures in the Prometheus text format. */
final class GatewayMetrics {

    private final StringBuilder text = new StringBuilder(2_048);

    private GatewayMetrics() {}

    static String of(RelayCounters relay, long received, long sendFailures, long relayFailures) {
        GatewayMetrics figures = new GatewayMetrics();
        figures.one("sessions", "gauge", "Sessions in the relay's table.", relay.sessions());
        figures.one("bound_sides", "gauge", "Sides whose address is known.", relay.bound());
        figures.one("received_datagrams_total", "counter", "Datagrams that arrived.", received);
        figures.one("relayed_datagrams_total", "counter", "Datagrams passed on.", relay.datagrams());
        figures.one("relayed_bytes_total", "counter", "UDP payload passed on, in bytes.", relay.bytes());
        figures.one("stun_answers_total", "counter", "STUN requests answered.", relay.stunAnswers());
        figures.one("send_failures_total", "counter", "Datagrams that the system did not take.", sendFailures);
        figures.one("relay_failures_total", "counter", "Datagrams the relay failed on: a defect.", relayFailures);
        figures.head("dropped_datagrams_total", "counter", "Datagrams not passed on, by reason.");
        relay.drops().forEach((reason, count) -> figures.text
                .append("nvremote_gateway_dropped_datagrams_total{reason=\"")
                .append(reason)
                .append("\"} ")
                .append(count)
                .append('\n'));
        return figures.text.toString();
    }

    private void one(String name, String type, String help, long value) {
        head(name, type, help);
        text.append("nvremote_gateway_").append(name).append(' ').append(value).append('\n');
    }

    private void head(String name, String type, String help) {
        text.append("# HELP nvremote_gateway_")
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        text.append("# TYPE nvremote_gateway_")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }
}
