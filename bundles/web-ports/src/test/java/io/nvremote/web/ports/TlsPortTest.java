// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Constants;

/** The port in a real Jetty, dialled with a real TLS client. */
class TlsPortTest {

    private static TestAuthority authority;
    private static TestAuthority stranger;

    @TempDir
    Path folder;

    private Server server;
    private ServerConnector port;

    @BeforeAll
    static void certificates(@TempDir Path keys) throws Exception {
        authority = new TestAuthority(keys, "authority");
        stranger = new TestAuthority(keys, "stranger");
    }

    @BeforeEach
    void begin() throws Exception {
        server = new Server();
        port = (ServerConnector) TestAuthority.port(folder).createConnector(server);
        server.addConnector(port);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Sink.write(response, true, "served", callback);
                return true;
            }
        });
        server.start();
    }

    @AfterEach
    void end() throws Exception {
        server.stop();
    }

    /** A connection that stays open from request to request. */
    private final class Dialled implements AutoCloseable {

        private final SSLSocket socket;
        private final BufferedReader in;

        Dialled(SSLContext tls) throws IOException {
            socket = (SSLSocket)
                    tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port.getLocalPort());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        /** The status line of what is answered. */
        String get() throws IOException {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String status = in.readLine();
            for (String line = status; line != null && !line.isEmpty(); line = in.readLine()) {
                assertThat(line).as("who serves is nobody's business").doesNotContainIgnoringCase("jetty");
            }
            char[] body = new char["served".length()];
            return status == null || in.read(body) < 0 ? "cut" : status + " " + new String(body);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private String get(SSLContext tls) throws IOException {
        try (Dialled dialled = new Dialled(tls)) {
            return dialled.get();
        }
    }

    @Test
    void only_a_certificate_of_the_authority_is_served() throws Exception {
        authority.writeServer(folder);
        assertThat(get(authority.client(authority, true))).isEqualTo("HTTP/1.1 200 OK served");
        for (SSLContext tls : new SSLContext[] {authority.client(authority, false), stranger.client(authority, true)}) {
            assertThatThrownBy(() -> get(tls)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_certificate_that_appears_and_one_that_changes_are_taken_up_without_restart() throws Exception {
        assertThatThrownBy(() -> get(authority.client(authority, true))).isInstanceOf(SSLException.class);
        authority.writeServer(folder);
        try (Dialled first = new Dialled(authority.client(authority, true))) {
            assertThat(first.get()).endsWith("served");
            stranger.writeServer(folder);
            assertThat(get(stranger.client(stranger, true))).endsWith("served");
            assertThatThrownBy(() -> get(authority.client(authority, true))).isInstanceOf(IOException.class);
            assertThat(first.get())
                    .as("the connection opened before is still served")
                    .endsWith("served");
        }
    }

    @Test
    void a_taken_port_is_named_with_the_setting_to_change() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> TestAuthority.port(taken.getLocalPort(), TestAuthority.keys(folder)))
                    .isInstanceOf(StreamException.class)
                    .hasMessageContaining("TCP 127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("change io.nvremote.web.ports.tls port");
        }
    }

    /** The port itself waits for its key material then, and would say nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"certificate.file", "key.file", "authority.file"})
    void a_file_by_its_setting_of_before_is_refused_with_the_configuration_to_write(String key) {
        assertThatThrownBy(() -> new FormerTlsFiles(Map.of("port", 9443, key, "/x.pem")))
                .hasMessage("io.nvremote.web.ports.tls " + key + ": is no setting any more; write it under"
                        + " io.nvremote.keys.file~server, with keys.name=server");
        assertThatCode(() -> new FormerTlsFiles(Map.of("port", 9443))).doesNotThrowAnyException();
    }

    @Test
    void a_port_by_its_name_of_before_is_refused_with_the_name_to_write() {
        assertThatThrownBy(() -> new FormerTlsPort(Map.of(Constants.SERVICE_PID, "io.nvremote.signaling.port~api")))
                .hasMessageContaining("io.nvremote.signaling.port~api: ")
                .hasMessageContaining("write io.nvremote.web.ports.tls~api");
        assertThatThrownBy(FormerLocalPort::new).hasMessageContaining("write io.nvremote.web.ports.local");
    }
}
