// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.Keys;
import io.nvremote.runtime.Front;
import io.nvremote.runtime.Retiring;
import io.nvremote.runtime.Underway;
import io.nvremote.signaling.SignalChannel;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalHandler;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeResponse;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServlet;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both channels share: limits, the upgrade, and the switchboard behind it. While something else of the runtime is exchanged, what
 * arrives waits in each socket; when this bundle is, its sockets stay with it until they end, and another version takes the new ones.
 */
sealed class ChannelServlet extends JettyWebSocketServlet implements Front, Retiring, Underway
        permits HostChannel, ClientChannel {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ChannelServlet.class);
    /** The line pings every 15 s, so an idle socket is a dead one. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final SignalChannel channel;
    private final transient ConnectionHub board;

    private final transient ReentrantLock preparing = new ReentrantLock();
    private transient boolean prepared; // guarded by preparing
    private transient @Nullable BundleContext context; // these two are guarded by this
    private transient @Nullable ServiceRegistration<Servlet> served;
    private transient Runnable unlisten = () -> {};

    ChannelServlet(SignalChannel channel, ChannelSettings settings) {
        this.channel = channel;
        this.board = new ConnectionHub(channel, settings);
        board.start();
    }

    /** Nothing yet: the whiteboard calls this outside a request, where Jetty's context is not to be had. */
    @Override
    public void init() {}

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Handshake refusal = Handshake.refusal(request);
        if (refusal != null) {
            response.setHeader("Sec-WebSocket-Version", Handshake.VERSION);
            response.setHeader("Upgrade", "websocket");
            response.setHeader("Allow", "GET");
            response.sendError(refusal.status(), refusal.reason());
            return;
        }
        preparing.lock();
        try {
            if (!prepared) {
                super.init();
                prepared = true;
            }
        } finally {
            preparing.unlock();
        }
        super.service(request, response);
    }

    @Override
    public void destroy() {
        preparing.lock();
        try {
            if (prepared) {
                super.destroy();
                prepared = false;
            }
        } finally {
            preparing.unlock();
        }
    }

    @Override
    protected void configure(JettyWebSocketServletFactory factory) {
        factory.setMaxTextMessageSize(SignalCodec.MAX_FRAME_BYTES);
        factory.setMaxFrameSize(SignalCodec.MAX_FRAME_BYTES);
        factory.setMaxBinaryMessageSize(1024);
        factory.setIdleTimeout(IDLE);
        factory.setCreator(this::accept);
    }

    void codec(SignalCodec next) {
        board.codec(next);
    }

    void withdraw(SignalCodec gone) {
        board.withdraw(gone);
    }

    void handler(SignalHandler handler) {
        board.handler(handler);
    }

    void withdraw(SignalHandler handler) {
        board.withdraw(handler);
    }

    /** Takes sockets from the web server's whiteboard, until {@link #shut}. */
    final synchronized void serve(BundleContext context) {
        this.context = context;
        shutBeforeAnythingStops(context);
        resume();
    }

    @Override
    public Hold hold() {
        return board.hold();
    }

    /** Takes no more sockets: two versions can't have one path. */
    @Override
    public synchronized void retire() {
        if (served != null) {
            served.unregister();
            served = null;
        }
    }

    @Override
    public final synchronized void resume() {
        if (context != null && served == null) {
            String name = channel.name().toLowerCase(Locale.ROOT);
            served = context.registerService(
                    Servlet.class,
                    this,
                    FrameworkUtil.asDictionary(Map.of(
                            HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN,
                            "/ws/" + name,
                            HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME,
                            "io.nvremote.signaling." + name,
                            HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED,
                            true)));
        }
    }

    /** Only for one that retired: another version takes the place of one that did not, and costs it nothing. */
    @Override
    public final synchronized List<String> underway() {
        int open = context != null && served == null ? board.size() : 0;
        return open == 0
                ? List.of()
                : List.of("sockets on " + channel.name().toLowerCase(Locale.ROOT) + " channel: " + open);
    }

    /** A runtime's ports may be the first that go when it stops; then no socket would hear why it ends. */
    private void shutBeforeAnythingStops(BundleContext context) {
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.STOPPING
                    && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
                board.leave();
            }
        };
        context.addBundleListener(listener);
        unlisten = () -> context.removeBundleListener(listener);
    }

    final synchronized void shut() {
        retire();
        context = null;
        unlisten.run();
        board.close();
    }

    private @Nullable Object accept(JettyServerUpgradeRequest request, JettyServerUpgradeResponse response) {
        X509Certificate certificate = leaf(request.getCertificates());
        if (channel == SignalChannel.HOST && certificate == null) {
            return refuse(request, response, 403, "a client certificate is required");
        }
        InetSocketAddress from = person(request.getHttpServletRequest());
        if (!board.admits(from.getAddress())) {
            return refuse(request, response, 503, "too many sockets");
        }
        response.setExtensions(
                List.of()); // Messages are short, and what is secret must not be compressed beside what is not.
        return new SocketEndpoint(board, from, channel == SignalChannel.HOST ? certificate : null);
    }

    /** Who asks, as the web server knows: behind a trusted proxy that is not the TCP peer. */
    private static InetSocketAddress person(HttpServletRequest http) {
        return new InetSocketAddress(InetAddress.ofLiteral(http.getRemoteAddr()), http.getRemotePort());
    }

    private static @Nullable X509Certificate leaf(X509Certificate @Nullable [] chain) {
        return chain == null || chain.length == 0 ? null : chain[0];
    }

    private @Nullable Object refuse(
            JettyServerUpgradeRequest request, JettyServerUpgradeResponse response, int status, String reason) {
        LOG.atWarn()
                .addKeyValue("channel", channel)
                .addKeyValue(Keys.PEER, request.getHttpServletRequest().getRemoteAddr())
                .addKeyValue(Keys.REASON, reason)
                .log("socket not opened");
        try {
            response.sendError(status, reason);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }
}
