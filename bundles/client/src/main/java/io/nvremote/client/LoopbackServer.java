// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page's own web server: Jetty on 127.0.0.1 and nothing else. Not the shared HTTP whiteboard, so that no other
 * bundle can add a resource to the guarded origin and no configuration can bind it to the network.
 */
final class LoopbackServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);

    private final Server server;
    private final PageHub hub;
    private final String origin;

    /** @param published hears each fresh one-time address of the page */
    LoopbackServer(int port, Client client, PageAssets assets, Consumer<String> published) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("page");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(8 * 1024);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        ServerWebSocketContainer sockets = ServerWebSocketContainer.ensure(server);
        sockets.setMaxTextMessageSize(64 * 1024);
        sockets.setIdleTimeout(Duration.ofMinutes(30));
        hub = new PageHub(client);
        try {
            connector.open();
            Guard guard = new Guard(connector.getLocalPort(), published);
            origin = guard.origin();
            server.setHandler(new PageHandler(guard, client, assets, hub, sockets));
            server.start();
        } catch (Exception e) {
            close();
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    ClientConfig.PID + ": page.port can't be opened on 127.0.0.1: " + port,
                    e);
        }
        LOG.atInfo().addKeyValue(Keys.PORT, connector.getLocalPort()).log("page ready");
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
