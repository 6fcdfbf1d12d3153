// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.SessionId;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer.LinkListener;
import io.nvremote.signaling.SignalDialer.SignalLink;
import io.nvremote.signaling.json.JsonSignalCodec;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real WebSocket server. */
class WebSocketDialerTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final LinkPace QUICK = new LinkPace(
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            Duration.ofMillis(200),
            Duration.ofMillis(1500),
            LONG,
            LONG);

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Session> sockets = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final JsonSignalCodec codec = new JsonSignalCodec();
    private Server server;
    private WebSocketDialer dialer;

    @BeforeEach
    void begin() throws Exception {
        server = serve(0);
        dialer = new WebSocketDialer(codec, QUICK);
    }

    @AfterEach
    void end() throws Exception {
        dialer.close();
        server.stop();
    }

    @Test
    void messages_pass_in_order_both_ways() throws Exception {
        SignalLink link = dialer.dial(uri(), null, listener());
        assertThat(take(events)).isEqualTo("up");
        Session socket = Objects.requireNonNull(sockets.poll(2, TimeUnit.MINUTES));
        for (int i = 0; i < 300; i++) {
            assertThat(link.send(new Signal.Ready(i))).isTrue();
            socket.sendText(codec.write(new Signal.Ready(i)), Callback.NOOP);
        }
        for (int i = 0; i < 300; i++) {
            assertThat(take(heard)).isEqualTo("{\"type\":\"ready\",\"version\":" + i + "}");
            assertThat(take(events)).isEqualTo("Ready[version=" + i + "]");
        }
    }

    @Test
    void a_message_in_parts_is_put_together_and_one_over_64_kib_closes_the_socket() throws Exception {
        dialer.dial(uri(), null, listener());
        assertThat(take(events)).isEqualTo("up");
        Session socket = Objects.requireNonNull(sockets.poll(2, TimeUnit.MINUTES));
        Callback.Completable done = new Callback.Completable();
        socket.sendPartialText("{\"type\":\"ready\",", false, done);
        done.get(20, TimeUnit.SECONDS);
        socket.sendPartialText("\"version\":7}", true, Callback.NOOP);
        assertThat(take(events)).isEqualTo("Ready[version=7]");
        socket.sendText("x".repeat(70_000), Callback.NOOP);
        assertThat(take(events)).startsWith("down 1009");
        assertThat(take(heard)).isEqualTo("closed 1008");
        assertThat(take(events)).as("it dials again").isEqualTo("up");
    }

    @Test
    void a_message_that_breaks_the_protocol_closes_with_1008_and_the_link_dials_again() throws Exception {
        dialer.dial(uri(), null, listener());
        assertThat(take(events)).isEqualTo("up");
        Objects.requireNonNull(sockets.poll(2, TimeUnit.MINUTES)).sendText("{\"type\":\"nonsense\"}", Callback.NOOP);
        assertThat(take(events)).startsWith("down 1008");
        assertThat(take(events)).isEqualTo("up");
    }

    @Test
    void a_server_that_goes_away_and_returns_is_found_again() throws Exception {
        SignalLink link = dialer.dial(uri(), null, listener());
        assertThat(take(events)).isEqualTo("up");
        Objects.requireNonNull(sockets.poll(2, TimeUnit.MINUTES), "open at the server too");
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        server.stop();
        assertThat(take(events)).startsWith("down ");
        assertThat(link.send(new Signal.Ready(1)))
                .as("nothing is queued while the link is down")
                .isFalse();
        server = serve(port);
        assertThat(take(events)).isEqualTo("up");
        assertThat(take(heard)).as("the old socket").startsWith("closed");
        assertThat(link.send(new Signal.Ready(2))).isTrue();
        assertThat(take(heard)).contains("\"version\":2");
    }

    @Test
    void a_listener_that_wants_a_pause_after_one_end_gets_it_and_the_next_end_has_none() throws Exception {
        BlockingQueue<Duration> wanted = new LinkedBlockingQueue<>(List.of(Duration.ZERO, Duration.ofMillis(1500)));
        BlockingQueue<Long> ends = new LinkedBlockingQueue<>();
        BlockingQueue<Long> begins = new LinkedBlockingQueue<>();
        dialer.dial(uri(), null, new LinkListener() {
            @Override
            public void up(SignalLink link) {
                begins.add(System.nanoTime());
                events.add("up");
            }

            @Override
            public void received(SignalLink link, Signal signal) {}

            @Override
            public void down(int code, String reason) {
                ends.add(System.nanoTime());
            }

            @Override
            public Duration pause(int code, String reason) {
                return Objects.requireNonNullElse(wanted.poll(), Duration.ZERO);
            }
        });
        for (int i = 0; i < 3; i++) {
            assertThat(take(events)).isEqualTo("up");
            Objects.requireNonNull(sockets.poll(2, TimeUnit.MINUTES)).close(1008, "not yet", Callback.NOOP);
        }
        assertThat(take(events)).isEqualTo("up");
        begins.remove();
        begins.remove(); // after an end without a pause
        ends.remove();
        assertThat(begins.remove() - ends.remove())
                .isGreaterThanOrEqualTo(Duration.ofMillis(1500).toNanos());
        assertThat(wanted).isEmpty();
    }

    @Test
    void a_peer_that_is_silent_though_connected_is_given_up() throws Exception {
        List<java.net.Socket> held = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (var mute = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> MuteServer.serve(mute, held));
            dialer.dial(URI.create("ws://127.0.0.1:" + mute.getLocalPort() + "/"), null, listener());
            assertThat(take(events)).isEqualTo("up");
            assertThat(take(events)).isEqualTo("down 1006 the peer is silent");
        }
        for (var socket : held) {
            socket.close();
        }
    }

    @Test
    void a_listener_that_fails_does_not_end_the_link() throws Exception {
        dialer.dial(uri(), null, new LinkListener() {
            @Override
            public void up(SignalLink link) {
                events.add("up");
                throw new IllegalStateException("listener broke on purpose");
            }

            @Override
            public void received(SignalLink link, Signal signal) {
                events.add(signal.toString());
                throw new IllegalStateException("listener broke on purpose");
            }

            @Override
            public void down(int code, String reason) {
                events.add("down");
            }
        });
        assertThat(take(events)).isEqualTo("up");
        Session socket = Objects.requireNonNull(sockets.poll(2, TimeUnit.MINUTES));
        socket.sendText(codec.write(new Signal.Ready(1)), Callback.NOOP);
        socket.sendText(codec.write(new Signal.Ready(2)), Callback.NOOP);
        assertThat(take(events)).isEqualTo("Ready[version=1]");
        assertThat(take(events)).isEqualTo("Ready[version=2]");
    }

    @Test
    void close_ends_the_link_for_good_and_leaves_no_thread() throws Exception {
        SignalLink link = dialer.dial(uri(), null, listener());
        assertThat(take(events)).isEqualTo("up");
        link.close();
        link.close();
        assertThat(take(events)).startsWith("down 1000 ");
        assertThat(take(heard)).isEqualTo("closed 1000");
        assertThat(events.poll(500, TimeUnit.MILLISECONDS)).isNull();
        assertThat(link.send(new Signal.SessionTerminate(SessionId.next(), "x")))
                .isFalse();
    }

    private LinkListener listener() {
        return new LinkListener() {
            @Override
            public void up(SignalLink link) {
                events.add("up");
            }

            @Override
            public void received(SignalLink link, Signal signal) {
                events.add(signal.toString());
            }

            @Override
            public void down(int code, String reason) {
                events.add("down " + code + " " + reason);
            }
        };
    }

    private URI uri() {
        return URI.create(
                "ws://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + "/ws/host");
    }

    /** Longer than a dial may take, twice {@link #LONG}: a server that goes leaves one unanswered that it has just accepted. */
    private static String take(BlockingQueue<String> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(2, TimeUnit.MINUTES), "nothing happened in two minutes");
    }

    private Server serve(int port) throws Exception {
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        jetty.setHandler(context);
        JettyWebSocketServletContainerInitializer.configure(
                context,
                (servlet, container) ->
                        container.addMapping("/ws/host", (request, response) -> new Endpoint(sockets, heard)));
        jetty.start();
        return jetty;
    }

    /** The server's end of one socket. */
    public static final class Endpoint implements Session.Listener.AutoDemanding {
        private final BlockingQueue<Session> sockets;
        private final BlockingQueue<String> heard;

        Endpoint(BlockingQueue<Session> sockets, BlockingQueue<String> heard) {
            this.sockets = sockets;
            this.heard = heard;
        }

        @Override
        public void onWebSocketOpen(Session session) {
            sockets.add(session);
        }

        @Override
        public void onWebSocketText(String message) {
            heard.add(message);
        }

        @Override
        public void onWebSocketClose(int code, String reason) {
            heard.add("closed " + code);
        }
    }
}
