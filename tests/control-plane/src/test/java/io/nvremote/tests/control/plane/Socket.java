// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;

/** One WebSocket of a test. */
final class Socket implements WebSocket.Listener {

    private static final int PATIENCE_SECONDS = 30;

    private final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private volatile String reason = "";
    private WebSocket wire;

    static Socket open(RunningControlPlane plane, int port, String path, KeyManager[] own) throws Exception {
        Socket socket = new Socket();
        socket.wire = HttpClient.newBuilder()
                .sslContext(plane.tls(own))
                .build()
                .newWebSocketBuilder()
                .buildAsync(URI.create("wss://127.0.0.1:" + port + path), socket)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return socket;
    }

    void send(String text) throws Exception {
        wire.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The next message with this in it. */
    String await(String content) throws Exception {
        for (String text = next(); text != null; text = next()) {
            if (text.contains(content)) {
                return text;
            }
        }
        throw new AssertionError("no message with " + content);
    }

    private String next() throws InterruptedException {
        return texts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Why the other side closed. */
    String reason() throws Exception {
        closed();
        return reason;
    }

    boolean open() {
        return !end.isDone();
    }

    /** The messages that came and were not asked for yet. */
    List<String> rest() {
        List<String> all = new ArrayList<>();
        texts.drainTo(all);
        return all;
    }

    /** Closes with a close frame, and waits for the other side's. */
    void close() throws Exception {
        wire.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Cuts the connection without a close frame. */
    void abort() {
        wire.abort();
    }

    int closed() throws Exception {
        return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            texts.add(part.toString());
            part.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        this.reason = reason;
        end.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        end.completeExceptionally(error);
    }
}
