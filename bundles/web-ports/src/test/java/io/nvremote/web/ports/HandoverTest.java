// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.keys.KeyMaterial;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** One version of the port takes the place of another, in a real Jetty and a real framework. */
class HandoverTest {

    private static TestAuthority authority;

    @TempDir
    Path folder;

    private final ExecutorService dialler = Executors.newVirtualThreadPerTaskExecutor();
    private Framework framework;
    private Server server;
    private SSLContext tls;
    private TlsPort first;
    private TlsConnector listening;
    private int number;

    @BeforeAll
    static void certificates(@TempDir Path keys) throws Exception {
        authority = new TestAuthority(keys, "authority");
    }

    @BeforeEach
    void begin() throws Exception {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString()));
        framework.start();
        authority.writeServer(folder);
        tls = authority.client(authority, true);
        server = new Server();
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Sink.write(
                        response,
                        true,
                        request.getConnectionMetaData().getConnector() == listening ? "first" : "other",
                        callback);
                return true;
            }
        });
        server.start();
        first = port(0, TestAuthority.keys(folder));
        listening = add(first);
        number = listening.getLocalPort();
    }

    @AfterEach
    void end() throws Exception {
        dialler.shutdownNow();
        server.stop();
        framework.stop();
        framework.waitForStop(10_000);
    }

    private TlsPort port(int at, KeyMaterial keys) {
        return TestAuthority.port(framework.getBundleContext(), at, keys);
    }

    /** As the web server does with one that is new. */
    private TlsConnector add(TlsPort port) throws Exception {
        TlsConnector connector = (TlsConnector) port.createConnector(server);
        server.addConnector(connector);
        connector.start();
        return connector;
    }

    /** As the web server does with one that goes. */
    private void remove(TlsConnector connector, TlsPort port) throws Exception {
        connector.stop();
        server.removeConnector(connector);
        port.close();
    }

    private SSLSocket dial() throws IOException {
        return (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), number);
    }

    private static String get(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            assertThat(line).doesNotContain("HTTP/1.1 5");
        }
        char[] body = new char[5];
        assertThat(in.read(body)).isEqualTo(5);
        return new String(body);
    }

    private Future<String> getLater() {
        return dialler.submit(() -> {
            try (SSLSocket socket = dial()) {
                return get(socket);
            }
        });
    }

    private static String answer(Future<String> asked) throws Exception {
        return asked.get(60, TimeUnit.SECONDS);
    }

    @Test
    void who_dials_meanwhile_is_answered_by_the_next_and_who_is_there_stays_with_the_first() throws Exception {
        TlsPort second;
        TlsConnector next;
        try (SSLSocket old = dial()) {
            assertThat(get(old)).isEqualTo("first");
            first.retire();
            Future<String> waiting = getLater();
            second = port(0, TestAuthority.keys(folder));
            next = add(second);
            assertThat(next.getLocalPort()).isEqualTo(number);
            assertThat(answer(waiting)).isEqualTo("other");
            assertThat(get(old)).isEqualTo("first");
            assertThat(first.underway()).containsExactly("1 connection");
        }
        for (int i = 0; i < 600 && !first.underway().isEmpty(); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(first.underway()).isEmpty();
        remove(listening, first);
        for (int i = 0; i < 20; i++) {
            assertThat(answer(getLater())).isEqualTo("other");
        }
        remove(next, second);
        add(port(number, TestAuthority.keys(folder))); // Refuses if somebody still has it.
        assertThat(answer(getLater())).isEqualTo("other");
    }

    @Test
    void nobody_is_refused_when_the_next_does_not_come() throws Exception {
        for (int i = 0; i < 50; i++) {
            first.retire();
            first.resume();
        }
        first.retire();
        Future<String> waiting = getLater();
        first.resume();
        assertThat(answer(waiting)).isEqualTo("first");
        assertThat(answer(getLater())).isEqualTo("first");
    }

    @Test
    void it_is_taken_up_again_after_the_next_has_gone_with_the_socket_or_without() throws Exception {
        for (boolean goesFirst : new boolean[] {true, false}) {
            first.retire();
            TlsPort second = port(0, TestAuthority.keys(folder));
            TlsConnector next = add(second);
            assertThat(answer(getLater())).isEqualTo("other");
            if (goesFirst) { // It failed.
                remove(next, second);
                first.resume();
            } else { // It was rolled back.
                second.retire();
                Future<String> waiting = getLater();
                first.resume();
                assertThat(answer(waiting)).isEqualTo("first");
                remove(next, second);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(answer(getLater())).isEqualTo("first");
            }
        }
    }

    @Test
    void a_socket_that_nobody_took_is_closed_in_the_end() throws Exception {
        first.retire();
        remove(listening, first);
        assertThatThrownBy(this::dial).isInstanceOf(ConnectException.class);
    }

    /** As when the bundle that reads the files is replaced. */
    @Test
    void other_key_material_is_shown_to_who_comes_and_costs_nobody_who_is_there() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        TestAuthority another = new TestAuthority(other, "another");
        another.writeServer(other);
        try (SSLSocket old = dial()) {
            assertThat(get(old)).isEqualTo("first");
            KeyMaterial before = TestAuthority.keys(folder);
            first.setKeys(TestAuthority.keys(other));
            first.unsetKeys(before);
            tls = another.client(another, true);
            try (SSLSocket fresh = dial()) {
                assertThat(get(fresh)).isEqualTo("first");
                assertThat(((X509Certificate) fresh.getSession().getPeerCertificates()[0])
                                .getIssuerX500Principal()
                                .getName())
                        .isEqualTo("CN=another");
            }
            assertThat(get(old)).isEqualTo("first");
        }
    }
}
