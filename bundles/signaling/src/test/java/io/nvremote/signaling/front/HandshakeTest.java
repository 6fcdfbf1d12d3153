// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.signaling.json.JsonSignalCodec;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opening handshakes as strangers send them, RFC 6455 section 4.2.1, byte for byte to a real Jetty. */
class HandshakeTest {

    private static final Queue<Throwable> THROWN = new ConcurrentLinkedQueue<>();
    private static final Server SERVER = new Server();
    private static final ServerConnector PORT = new ServerConnector(SERVER);
    private static final ClientChannel CHANNEL =
            new ClientChannel(new JsonSignalCodec(), new ChannelSettings(1000, 1000, 1, 1000, 1000, 1000, 1000));

    @BeforeAll
    static void start() throws Exception {
        PORT.setHost("127.0.0.1");
        SERVER.addConnector(PORT);
        ServletContextHandler context = new ServletContextHandler("/");
        // The whiteboard makes a stack trace and 500 of whatever a servlet throws.
        Filter watch = (request, response, chain) -> {
            try {
                chain.doFilter(request, response);
            } catch (RuntimeException | Error e) {
                THROWN.add(e);
                throw e;
            }
        };
        context.addFilter(new FilterHolder(watch), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(CHANNEL), "/ws/client");
        JettyWebSocketServletContainerInitializer.configure(context, null);
        SERVER.setHandler(context);
        SERVER.start();
    }

    @AfterAll
    static void stop() throws Exception {
        SERVER.stop();
        CHANNEL.close();
    }

    /** A dash takes a header away; a plus adds a second one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "101 | Origin: http://elsewhere",
                "101 | Connection: keep-alive, Upgrade",
                "101 | Upgrade: WebSocket",
                "101 | Sec-WebSocket-Protocol: ,,;;",
                "101 | Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                "101 | Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=\"10\", x-webkit-deflate-frame",
                "426 | -Upgrade",
                "426 | Upgrade: h2c",
                "400 | Connection: keep-alive",
                "400 | -Connection",
                "426 | -Sec-WebSocket-Version",
                "426 | Sec-WebSocket-Version: 8",
                "426 | Sec-WebSocket-Version: 0",
                "426 | Sec-WebSocket-Version: x",
                "426 | Sec-WebSocket-Version: 99999999999999",
                "426 | +Sec-WebSocket-Version: 8",
                "400 | -Sec-WebSocket-Key",
                "400 | Sec-WebSocket-Key:",
                "400 | Sec-WebSocket-Key: AA==",
                "400 | Sec-WebSocket-Key: not base64 at all!!",
                "400 | +Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "400 | Sec-WebSocket-Extensions: ;;==,\"",
                "400 | Sec-WebSocket-Extensions: =",
                "400 | Sec-WebSocket-Extensions: a;b=\"",
                "400 | Sec-WebSocket-Extensions: @validation",
                "400 | Sec-WebSocket-Extensions: a,",
                "405 | POST",
                "405 | HEAD",
            })
    void a_handshake_is_taken_or_refused_in_words_and_nothing_is_thrown(int status, String change) throws IOException {
        assertThat(open(change)).as(change).startsWith("HTTP/1.1 " + status + " ");
        assertThat(THROWN).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"permessage-deflate", "'fragment, identity'"})
    void no_extension_is_taken(String extensions) throws IOException {
        String answer = open("Sec-WebSocket-Extensions: " + extensions);
        assertThat(answer).startsWith("HTTP/1.1 101 ");
        assertThat(answer).doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
    }

    private static String open(String change) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "GET",
                "Host: a",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
        String name = change.replaceFirst("^[-+]", "").replaceFirst(":.*", ":");
        if (!change.contains(":") && !change.startsWith("-")) {
            lines.set(0, change);
        } else if (!change.startsWith("+")) {
            lines.removeIf(line -> line.startsWith(name.endsWith(":") ? name : name + ":"));
        }
        if (change.contains(":")) {
            lines.add(change.replaceFirst("^\\+", ""));
        }
        lines.set(0, lines.getFirst() + " /ws/client HTTP/1.1");
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), PORT.getLocalPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            return head.toString();
        }
    }
}
