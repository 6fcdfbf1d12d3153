// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import io.nvremote.stream.StreamPorts;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.TunnelPort;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The host's end of the control channel, which all tracks share: what the client says goes to whichever takes it; a ping and a farewell
 * are the channel's own.
 *
 * <p><b>Threads.</b> {@link #message} one call at a time; the rest from any.
 */
final class ControlLink implements AutoCloseable {

    /** What the session makes of the channel. */
    interface Listener {
        /** The client said its first word. */
        void clientHere();

        /** It said anything. */
        void heard();

        /** Whether any track took the message. */
        boolean message(StreamMessage message);

        void left(String reason);
    }

    private final Listener listener;
    private final ControlChannel channel;
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong badMessages = new AtomicLong();
    private final Clock clock = Clock.system();
    private volatile boolean here;

    ControlLink(Transport transport, TunnelPort port, Listener listener) {
        this.listener = listener;
        this.channel = transport.control(d -> port.send(StreamPorts.CONTROL, d), this::message);
    }

    boolean clientIsHere() {
        return here;
    }

    long messages() {
        return messages.get();
    }

    /** Messages that nobody could read or take. */
    long badMessages() {
        return badMessages.get();
    }

    /** A datagram of the channel arrived. */
    void receive(ByteBuffer datagram) {
        channel.receive(datagram);
    }

    /** False if the channel is dead. Whatever is said before the client is here is lost, and said again by whoever said it. */
    boolean say(StreamMessage message) {
        return !here || channel.send(StreamMessages.write(message));
    }

    private void message(ByteBuffer bytes) {
        StreamMessage message;
        try {
            message = StreamMessages.read(bytes);
        } catch (StreamException e) {
            badMessages.incrementAndGet();
            return;
        }
        messages.incrementAndGet();
        listener.heard();
        if (!here) {
            here = true;
            listener.clientHere();
        }
        switch (message) {
            case StreamMessage.Ping ping -> say(new StreamMessage.Pong(ping.nanos(), clock.nanos()));
            case StreamMessage.Bye bye -> listener.left(bye.reason());
            case null -> badMessages.incrementAndGet(); // A newer client's.
            default -> {
                if (!listener.message(message)) {
                    badMessages.incrementAndGet(); // A type of the host's.
                }
            }
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
