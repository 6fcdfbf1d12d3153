// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.StunMessage;
import io.nvremote.relay.StunTransaction;
import io.nvremote.relay.blind.BlindRelay;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The role with the real relay and real sockets on loopback. */
class GatewayRoleTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int PATIENCE_MILLIS = 10_000;

    private final BlindRelay relay = new BlindRelay();
    private final GatewayRole gateway =
            new GatewayRole(new GatewaySettings(new InetSocketAddress(LOOPBACK, 0), 0), relay);
    private final MetricsPage page = new MetricsPage(0, gateway::isAlive);

    @BeforeEach
    void showTheGateway() {
        page.sources = List.of(gateway);
    }

    @AfterEach
    void closeGateway() {
        page.close();
        gateway.close();
    }

    private DatagramSocket peer() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private void send(DatagramSocket from, byte[] datagram) throws IOException {
        from.send(new DatagramPacket(datagram, datagram.length, LOOPBACK, gateway.udpPort()));
    }

    private static byte[] receive(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        at.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static byte[] data(int marker) {
        return ByteBuffer.allocate(64).put(0, (byte) 4).putInt(16, marker).array();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + LOOPBACK.getHostAddress() + ":" + page.port() + path);
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void two_ticketed_sockets_talk_through_the_port_until_the_session_is_removed() throws Exception {
        RelaySession session = Sessions.session(Sessions.key(), null);
        relay.upsert(1, session);
        try (DatagramSocket client = peer();
                DatagramSocket host = peer()) {
            send(client, Sessions.ticket(session, RelayRole.CLIENT));
            StunMessage answer =
                    StunMessage.parse(ByteBuffer.wrap(receive(client))).orElseThrow();
            assertThat(answer.mappedAddress()).contains((InetSocketAddress) client.getLocalSocketAddress());
            send(host, Sessions.ticket(session, RelayRole.HOST));
            receive(host);

            for (int i = 0; i < 50; i++) {
                send(client, data(i));
                assertThat(receive(host)).isEqualTo(data(i));
                send(host, data(-i));
                assertThat(receive(client)).isEqualTo(data(-i));
            }

            relay.remove(2, session.id());
            send(client, data(99));
            send(host, StunMessage.bindingRequest(StunTransaction.next()));
            receive(host); // the answer to what was sent later is here: the earlier datagram is not on its way any more
            host.setSoTimeout(200);
            assertThatThrownBy(() -> receive(host)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void metrics_tell_what_happened_and_livez_that_the_port_is_served() throws Exception {
        try (DatagramSocket stranger = peer()) {
            send(stranger, data(1));
            send(stranger, StunMessage.bindingRequest(StunTransaction.next()));
            receive(stranger);
        }
        HttpResponse<String> metrics = get("/metrics");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body())
                .contains("nvremote_gateway_received_datagrams_total 2\n")
                .contains("nvremote_gateway_stun_answers_total 1\n")
                .contains("nvremote_gateway_dropped_datagrams_total{reason=\"unknown_source\"} 1\n")
                .contains("nvremote_gateway_sessions 0\n");
        assertThat(metrics.body().lines().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.matches("nvremote_gateway_[a-z_]+(\\{reason=\"[a-z_]+\"})? \\d+"));
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/else").statusCode()).isEqualTo(404);
        assertThat(metrics.body().lines().filter(line -> line.startsWith("# TYPE")))
                .as("the names that dashboards know")
                .containsExactlyInAnyOrder(
                        "# TYPE nvremote_gateway_sessions gauge",
                        "# TYPE nvremote_gateway_bound_sides gauge",
                        "# TYPE nvremote_gateway_received_datagrams_total counter",
                        "# TYPE nvremote_gateway_relayed_datagrams_total counter",
                        "# TYPE nvremote_gateway_relayed_bytes_total counter",
                        "# TYPE nvremote_gateway_stun_answers_total counter",
                        "# TYPE nvremote_gateway_send_failures_total counter",
                        "# TYPE nvremote_gateway_relay_failures_total counter",
                        "# TYPE nvremote_gateway_dropped_datagrams_total counter");
        gateway.close();
        assertThat(get("/livez").statusCode()).isEqualTo(503);
    }

    @Test
    void a_source_that_fails_or_tells_what_another_told_costs_itself_alone() throws Exception {
        Metric doors = Metric.of("acme_doors", "", "Doors.");
        MetricSource honest = to -> to.gauge(doors, 3);
        MetricSource copy = to -> to.gauge(doors, 4);
        MetricSource broken = to -> {
            to.gauge(Metric.of("acme_windows", "", "Windows."), 1);
            throw new IllegalStateException("a defect");
        };
        page.sources = List.of(broken, copy, honest, gateway);
        HttpResponse<String> metrics = get("/metrics");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body())
                .contains("nvremote_gateway_sessions 0\n", "acme_doors 3\n")
                .doesNotContain("acme_doors 4", "acme_windows");
    }

    @Test
    void a_taken_udp_port_is_named() {
        InetSocketAddress taken = new InetSocketAddress(LOOPBACK, gateway.udpPort());
        assertThatThrownBy(() -> new GatewayRole(new GatewaySettings(taken, 0), new BlindRelay()))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RelayError.PORT_IN_USE))
                .hasMessageContaining("UDP 127.0.0.1:" + gateway.udpPort());
    }

    @Test
    void a_taken_metrics_port_is_named() {
        assertThatThrownBy(() -> new MetricsPage(page.port(), () -> true))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RelayError.PORT_IN_USE))
                .hasMessageContaining("TCP 127.0.0.1:" + page.port());
    }

    @Test
    void closing_gives_the_port_back_and_may_be_repeated() throws Exception {
        InetSocketAddress udp = new InetSocketAddress(LOOPBACK, gateway.udpPort());
        gateway.close();
        gateway.close();
        new DatagramSocket(udp).close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("gateway-udp"));
    }

    @Test
    void the_wildcard_address_and_a_bad_port_are_refused_by_name() {
        for (String bad : new String[] {"0.0.0.0", "::", ""}) {
            assertThatThrownBy(() -> GatewaySettings.of(bad, 1, 0))
                    .hasMessageContaining("io.nvremote.gateway bind.address=" + bad);
        }
        assertThatThrownBy(() -> GatewaySettings.of("127.0.0.1", 70_000, 0)).hasMessageContaining("udp.port=70000");
        assertThatThrownBy(() -> GatewaySettings.of("no-such-host.invalid", 1, 0))
                .isInstanceOf(StreamException.class);
    }
}
