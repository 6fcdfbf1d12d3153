// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.media.Codec;
import io.nvremote.viewer.BootstrapToken;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.Viewer;
import io.nvremote.viewer.ViewerListener;
import io.nvremote.viewer.ViewerSession;
import io.nvremote.viewer.ViewerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client with one host that plays for ever and remembers what was typed; its sign-in is a form with two people. */
final class FakeViewer implements Viewer, AutoCloseable {

    static final HostEntry HOST = new HostEntry(
            HostId.next(),
            "workstation-7",
            OrgId.next(),
            "Render Lab",
            "ONLINE",
            null,
            null,
            null,
            null,
            null,
            0,
            null,
            null);

    final List<InputEvent> inputs = new CopyOnWriteArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    /** What a session fails with; null: none does. */
    volatile @Nullable StreamException failure;

    volatile Codec codec = Codec.H264;
    private final HttpServer forms;
    private volatile boolean signedIn;
    private volatile @Nullable FakeSession session;

    FakeViewer() throws IOException {
        forms = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        forms.createContext("/authorize", exchange -> {
            byte[] page =
                    ("<form method=\"post\" action=\"/login\"><input type=\"hidden\" name=\"state\" value=\"s&amp;1\">"
                                    + "<button name=\"user\" value=\"grace\">Grace<small>grace@example.com</small></button>"
                                    + "<button name=\"user\" value=\"ada\">Ada<small>ada@example.com</small></button></form>")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        forms.createContext("/login", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:9/callback?code=1&" + body);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        forms.start();
    }

    @Override
    public URI beginSignIn(String redirect) {
        return URI.create("http://127.0.0.1:" + forms.getAddress().getPort() + "/authorize");
    }

    @Override
    public void finishSignIn(@Nullable String query) {
        calls.add("signed in by " + query);
        signedIn = true;
    }

    @Override
    public void signOut() {
        calls.add("signed out");
        signedIn = false;
    }

    @Override
    public ViewerState state() {
        return new ViewerState(
                signedIn, null, "127.0.0.1:8443", ViewerState.Link.UP, null, true, List.of(HOST), session);
    }

    @Override
    public Registration listen(ViewerListener listener) {
        return () -> {};
    }

    @Override
    public ViewerSession connect(HostId host, StreamView view) {
        FakeSession made = new FakeSession(view, codec, inputs, failure, Clock.system());
        session = made;
        return made;
    }

    @Override
    public void disconnect(String why) {
        FakeSession held = session;
        session = null;
        if (held != null) {
            calls.add("left: " + why);
            held.end(why);
        }
    }

    @Override
    public @Nullable ViewerSession session() {
        return session;
    }

    @Override
    public BootstrapToken bootstrapToken(OrgId org) {
        throw new UnsupportedOperationException("a run without a page adds no hosts");
    }

    @Override
    public void close() {
        forms.stop(0);
    }
}
