// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.forwarded.ForwardedConfig;
import io.nvremote.forwarded.TrustedProxies;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalHandler;
import io.nvremote.signaling.SignalSession;
import io.nvremote.signaling.json.JsonSignalCodec;
import io.nvremote.web.ports.TestAuthority;
import io.nvremote.web.ports.TlsPort;
import jakarta.servlet.DispatcherType;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The channels in a real Jetty behind a real TLS port, dialled with a real TLS client. */
class SocketsTest {

    private static final ChannelSettings LIMITS = new ChannelSettings(100, 20, 1, 50, 50, 1000, 1000);

    private static TestAuthority authority;
    private static TestAuthority stranger;

    @TempDir
    Path folder;

    @BeforeAll
    static void certificates(@TempDir Path keys) throws Exception {
        authority = new TestAuthority(keys, "authority");
        stranger = new TestAuthority(keys, "stranger");
    }

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final JsonSignalCodec codec = new JsonSignalCodec();
    private TlsPort port;
    private HostChannel hosts;
    private ClientChannel clients;
    private Server server;
    private ServerConnector hostPort;
    private ServerConnector plainPort;

    @BeforeEach
    void begin() throws Exception {
        port = TestAuthority.port(folder);
        hosts = new HostChannel(codec, LIMITS);
        clients = new ClientChannel(codec, LIMITS);
        hosts.handlerCame(handler("host"));
        clients.handlerCame(handler("client"));
        server = new Server();
        hostPort = (ServerConnector) port.createConnector(server);
        plainPort = new ServerConnector(server);
        plainPort.setHost("127.0.0.1");
        server.addConnector(hostPort);
        server.addConnector(plainPort);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addFilter(
                new FilterHolder(new TrustedProxies(trusting("127.0.0.1"))), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(hosts), "/ws/host");
        context.addServlet(new ServletHolder(clients), "/ws/client");
        JettyWebSocketServletContainerInitializer.configure(context, null);
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void end() throws Exception {
        server.stop();
        hosts.close();
        clients.close();
    }

    @Test
    void a_host_with_a_certificate_of_the_authority_talks_to_the_handler_which_sees_the_certificate() throws Exception {
        authority.writeServer(folder);
        WebSocket socket = dial(authority.client(authority, true), tls("/ws/host"));
        assertThat(take(log)).isEqualTo("host opened CN=host-1");
        socket.sendText(codec.write(new Signal.Ready(5)), true).join();
        assertThat(take(log)).isEqualTo("host Ready[version=5]");
        assertThat(take(heard)).isEqualTo("{\"type\":\"ready\",\"version\":1}");
        socket.sendClose(1000, "bye").join();
        assertThat(take(log)).isEqualTo("host closed 1000");
    }

    @Test
    void without_a_certificate_or_with_one_of_another_authority_there_is_no_host_socket() throws Exception {
        authority.writeServer(folder);
        for (SSLContext tls : new SSLContext[] {authority.client(authority, false), stranger.client(authority, true)}) {
            assertThatThrownBy(() -> dial(tls, tls("/ws/host"))).rootCause().isInstanceOf(java.io.IOException.class);
        }
        assertThatThrownBy(() -> dial(null, URI.create("ws://127.0.0.1:" + plainPort.getLocalPort() + "/ws/host")))
                .rootCause()
                .hasMessageContaining("403");
        assertThat(log).isEmpty();
    }

    @Test
    void a_client_socket_needs_no_certificate_and_bad_input_ends_it_with_a_clear_code() throws Exception {
        for (String bad : new String[] {"not json", "{\"type\":\"nonsense\"}", "x".repeat(70_000)}) {
            WebSocket socket = dial(null, URI.create("ws://127.0.0.1:" + plainPort.getLocalPort() + "/ws/client"));
            assertThat(take(log)).isEqualTo("client opened none");
            assertThat(take(heard)).contains("ready");
            var unused = socket.sendText(bad, true);
            if (bad.length() < 1000) {
                assertThat(take(heard)).contains("\"type\":\"error\"");
                assertThat(take(heard)).startsWith("closed 1008");
            } else {
                assertThat(take(heard)).startsWith("closed 1009");
            }
            assertThat(take(log)).startsWith("client closed");
        }
        WebSocket socket = dial(null, URI.create("ws://127.0.0.1:" + plainPort.getLocalPort() + "/ws/client"));
        assertThat(take(heard)).contains("ready");
        var unused = socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), true);
        assertThat(take(heard)).startsWith("closed 1003");
    }

    @Test
    void the_handler_is_replaced_under_open_sockets_and_no_message_is_lost() throws Exception {
        WebSocket socket = dial(null, URI.create("ws://127.0.0.1:" + plainPort.getLocalPort() + "/ws/client"));
        assertThat(take(log)).isEqualTo("client opened none");
        SignalHandler last = null;
        int sent = 0;
        for (int swap = 0; swap < 20; swap++) {
            for (int i = 0; i < 50; i++) {
                socket.sendText(codec.write(new Signal.Ready(sent++)), true).join();
            }
            SignalHandler next = handler("client");
            clients.handlerCame(next);
            if (last != null) {
                clients.handlerGone(last);
            }
            last = next;
        }
        int expected = 0;
        while (expected < sent) {
            String entry = take(log);
            if (!entry.equals("client opened none")) {
                assertThat(entry).isEqualTo("client Ready[version=" + expected++ + "]");
            }
        }
        socket.abort();
    }

    @Test
    void behind_a_trusted_proxy_sockets_are_counted_and_known_by_the_persons_address() throws Exception {
        BlockingQueue<String> from = new LinkedBlockingQueue<>();
        clients.handlerCame(new SignalHandler() {
            @Override
            public void opened(SignalSession session) {
                from.add(session.remote().getAddress().getHostAddress());
            }

            @Override
            public void received(SignalSession session, Signal signal) {}

            @Override
            public void closed(SignalSession session, int code, String reason) {}
        });
        URI uri = URI.create("ws://127.0.0.1:" + plainPort.getLocalPort() + "/ws/client");
        Optional<Throwable> refusal = Optional.empty();
        for (int i = 0; i < 500 && refusal.isEmpty(); i++) {
            try {
                WebSocket socket = dial(null, uri, "203.0.113.9");
                assertThat(take(from)).isEqualTo("203.0.113.9"); // Nobody hears of a socket that is gone before.
                socket.abort();
            } catch (CompletionException e) {
                refusal = Optional.of(e);
            }
        }
        assertThat(refusal)
                .as("one person opens too many")
                .hasValueSatisfying(e -> assertThat(e).rootCause().hasMessageContaining("503"));
        WebSocket another = dial(null, uri, "203.0.113.10, 127.0.0.1");
        assertThat(take(from)).as("another behind the same proxy").isEqualTo("203.0.113.10");
        another.abort();
        WebSocket near = dial(null, uri);
        assertThat(take(from)).as("nobody passed it on").isEqualTo("127.0.0.1");
        near.abort();
    }

    private static ForwardedConfig trusting(String... proxies) {
        return (ForwardedConfig) Proxy.newProxyInstance(
                ForwardedConfig.class.getClassLoader(),
                new Class<?>[] {ForwardedConfig.class},
                (proxy, method, arguments) -> proxies);
    }

    private SignalHandler handler(String name) {
        return new SignalHandler() {
            @Override
            public void opened(SignalSession session) {
                var certificate = session.certificate();
                log.add(name + " opened "
                        + (certificate == null
                                ? "none"
                                : certificate.getSubjectX500Principal().getName()));
                session.admitted(); // else its time runs out where the machine is slow
                session.send(new Signal.Ready(1));
            }

            @Override
            public void received(SignalSession session, Signal signal) {
                log.add(name + " " + signal);
            }

            @Override
            public void closed(SignalSession session, int code, String reason) {
                log.add(name + " closed " + code);
            }
        };
    }

    private WebSocket dial(SSLContext tls, URI uri, String... forwardedFor) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20));
        HttpClient client = (tls == null ? builder : builder.sslContext(tls)).build();
        WebSocket.Builder socket = client.newWebSocketBuilder();
        for (String each : forwardedFor) {
            socket.header("X-Forwarded-For", each);
        }
        return socket.buildAsync(uri, new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        heard.add(data.toString());
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        heard.add("closed " + code + " " + reason);
                        return null;
                    }
                })
                .join();
    }

    private URI tls(String path) {
        return URI.create("wss://127.0.0.1:" + hostPort.getLocalPort() + path);
    }

    private static String take(BlockingQueue<String> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS), "nothing happened in 20 s");
    }
}
