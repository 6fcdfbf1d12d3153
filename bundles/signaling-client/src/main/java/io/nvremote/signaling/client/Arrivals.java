// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

import io.nvremote.signaling.SignalCodec;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one socket delivers, put together from its parts and queued for the link's thread. Bounded: the socket is asked
 * for more only when a message was taken.
 */
final class Arrivals implements WebSocket.Listener {

    /** Something that happened to the socket. */
    sealed interface Arrival {
        /** A whole text message. */
        record Text(String text) implements Arrival {}

        /** Anything else that shows the peer is there. */
        record Sign() implements Arrival {}

        /** The peer closed. */
        record Closed(int code, String reason) implements Arrival {}

        /** The peer broke a rule of the socket: the code to close with. Nothing after it is kept. */
        record Refused(int code, String reason) implements Arrival {}

        /** The socket is gone. */
        record Failed(Throwable cause) implements Arrival {}
    }

    /** A flood of pings shows no more than a few of them. */
    private static final int MAX_WAITING = 16;

    private final BlockingQueue<Arrival> queue = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private boolean refused;

    @Nullable
    Arrival poll(long nanos) throws InterruptedException {
        return queue.poll(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onOpen(WebSocket socket) {
        socket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        if (refused) {
            return null;
        }
        if (parts.length() + data.length() > SignalCodec.MAX_FRAME_BYTES) {
            return refuse(1009, "a message is longer than 64 KiB");
        }
        parts.append(data);
        if (last) {
            queue.add(new Arrival.Text(parts.toString()));
            parts.setLength(0);
        } else {
            socket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        return refused ? null : refuse(1003, "binary messages are not part of the protocol");
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
        return sign(socket);
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
        return sign(socket);
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        queue.add(new Arrival.Closed(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        queue.add(new Arrival.Failed(error));
    }

    private @Nullable CompletionStage<?> refuse(int code, String reason) {
        refused = true;
        parts.setLength(0);
        queue.add(new Arrival.Refused(code, reason));
        return null;
    }

    private @Nullable CompletionStage<?> sign(WebSocket socket) {
        if (queue.size() < MAX_WAITING) {
            queue.add(new Arrival.Sign());
        }
        socket.request(1);
        return null;
    }
}
