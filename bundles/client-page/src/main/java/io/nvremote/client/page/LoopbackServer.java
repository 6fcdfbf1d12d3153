// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.viewer.Viewer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page's own web server: Jetty on 127.0.0.1 (::1 where there is no IPv4) and nothing else. Not the shared HTTP whiteboard, so that no other
 * bundle can add a resource to the guarded origin and no configuration can bind it to the network.
 */
final class LoopbackServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);

    private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");
    /** A page that is loaded again is back in a second or two; one that is closed is not. */
    private static final Duration LEFT_AFTER = Duration.ofSeconds(20);

    private final Server server;
    private final PageHub hub;
    private final String origin;

    /** @param published hears each fresh one-time address of the page */
    LoopbackServer(int port, Viewer viewer, PageAssets assets, Consumer<String> published) {
        this(port, viewer, assets, new PageDoor(null, published, LOOPBACK, LEFT_AFTER));
    }

    /** @param door where the page is found, and how long its session stays without it */
    LoopbackServer(int port, Viewer viewer, PageAssets assets, PageDoor door) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("page");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(8 * 1024);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        server.addConnector(connector);
        ServerWebSocketContainer sockets = ServerWebSocketContainer.ensure(server);
        sockets.setMaxTextMessageSize(64 * 1024);
        sockets.setIdleTimeout(Duration.ofMinutes(30));
        hub = new PageHub(viewer, door.leftAfter());
        try {
            String address = open(connector, door.addresses(), port);
            Guard guard = new Guard(address, connector.getLocalPort(), door.published());
            origin = guard.origin();
            server.setHandler(new PageHandler(guard, viewer, assets, hub, sockets, door.file()));
            server.start();
        } catch (Exception e) {
            close();
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    PageConfig.PID + ": port can't be opened on this machine's loopback: " + port,
                    e);
        }
        LOG.atInfo().addKeyValue(Keys.PORT, connector.getLocalPort()).log("page ready");
    }

    /** Opens the first address that this machine has; a machine without IPv4 has ::1 alone. */
    private static String open(ServerConnector connector, List<String> addresses, int port) throws IOException {
        IOException refused = new IOException("no address to open");
        for (String address : addresses) {
            connector.setHost(address);
            connector.setPort(port);
            try {
                connector.open();
                return address.contains(":") ? "[" + address + "]" : address;
            } catch (IOException e) {
                refused = e;
            }
        }
        throw refused;
    }

    /**
     * Where the page is found.
     *
     * @param file where the newest one-time address is written, for whoever finds the page locked; null: nowhere
     * @param published hears each fresh one-time address
     * @param addresses loopback addresses, the first that can be opened is served
     * @param leftAfter how long a session goes on after the last page was closed
     */
    record PageDoor(@Nullable Path file, Consumer<String> published, List<String> addresses, Duration leftAfter) {

        static PageDoor of(@Nullable Path file) {
            return new PageDoor(file, new PageUrlFile(file), LOOPBACK, LEFT_AFTER);
        }
    }

    String origin() {
        return origin;
    }

    @Override
    public void close() {
        hub.close();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).log("the page's server did not stop cleanly");
        }
    }
}
