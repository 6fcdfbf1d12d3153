// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.Keys;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty's end of one socket. Public because Jetty calls it by method handle; made by the channel servlets alone. */
public final class SocketEndpoint implements Session.Listener, WebSocketPort {

    private static final Logger LOG = LoggerFactory.getLogger(SocketEndpoint.class);

    private final ConnectionHub board;
    private final InetSocketAddress remote;
    private final @Nullable X509Certificate certificate;
    private volatile @Nullable Session session;
    private volatile @Nullable SignalConnection line;

    SocketEndpoint(ConnectionHub board, InetSocketAddress remote, @Nullable X509Certificate certificate) {
        this.board = board;
        this.remote = remote;
        this.certificate = certificate;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        line = board.open(this);
        opened.demand();
    }

    @Override
    public void onWebSocketText(String message) {
        SignalConnection to = line;
        if (to != null) {
            to.arrived(message);
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        close(1003, "text messages only");
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        SignalConnection to = line;
        if (to != null) {
            to.heard();
        }
        demand();
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        SignalConnection to = line;
        Session on = session;
        if (to != null && on != null) {
            to.heard();
            on.sendPong(payload, Callback.NOOP);
        }
        demand();
    }

    @Override
    public void onWebSocketClose(int code, String reason) {
        SignalConnection of = line;
        if (of != null) {
            board.ended(of, code, reason == null ? "" : reason);
        }
    }

    /** A peer that went without a word is no error of ours; its close is told beside. */
    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.atDebug().addKeyValue(Keys.REASON, cause.toString()).log("socket broke");
    }

    @Override
    public @Nullable X509Certificate certificate() {
        return certificate;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public void demand() {
        Session on = session;
        if (on != null && on.isOpen()) {
            on.demand();
        }
    }

    @Override
    public boolean send(String text, Duration limit) throws InterruptedException {
        Callback.Completable sent = new Callback.Completable();
        Session on = session;
        if (on == null) {
            return false;
        }
        on.sendText(text, sent);
        return left(sent, limit);
    }

    @Override
    public boolean ping(Duration limit) throws InterruptedException {
        Callback.Completable sent = new Callback.Completable();
        Session on = session;
        if (on == null) {
            return false;
        }
        on.sendPing(ByteBuffer.allocate(0), sent);
        return left(sent, limit);
    }

    @Override
    public void close(int code, String reason) {
        Session on = session;
        if (on != null) {
            on.close(code, reason, Callback.NOOP);
        }
    }

    @Override
    public void cut() {
        Session on = session;
        if (on != null) {
            on.disconnect();
        }
    }

    private static boolean left(Callback.Completable sent, Duration limit) throws InterruptedException {
        try {
            sent.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false; // The line cuts the socket; why it failed shows in its close.
        }
    }
}
