// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.stream.StreamError;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import io.nvremote.stream.StreamPorts;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.viewer.ControlLink;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The control channel of one session: carries the messages of all tracks, and asks the host whether it lives. */
final class ControlTrack implements ViewerTrack, ControlLink {

    private static final long PING_EVERY_NANOS = 1_000_000_000L;

    private final TrackContext context;
    private final Clock clock;
    private final TunnelPort port;
    private final ControlChannel channel;
    private final AtomicLong roundTripNanos = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private volatile StreamMessage.@Nullable Hello told;
    private volatile String shown = "";
    private volatile long pingedNanos;
    private volatile boolean closed;

    ControlTrack(TrackContext context, Transport transport, Clock clock) {
        this.context = context;
        this.clock = clock;
        // The channel exists after its port, which hands over nothing before the start.
        @Nullable ControlChannel[] made = new ControlChannel[1];
        port = context.bind(StreamPorts.CONTROL, (from, datagram) -> {
            ControlChannel to = made[0];
            if (to != null && from == StreamPorts.CONTROL) {
                to.receive(datagram);
            }
        });
        channel = transport.control(d -> port.send(StreamPorts.CONTROL, d), this::arrived);
        made[0] = channel;
    }

    @Override
    public void start() {
        hello();
        ping();
    }

    /** What the view decodes, told not before anything is known of it, and which display it shows; told again when that changes. */
    private void hello() {
        StreamMessage.Hello now = new StreamMessage.Hello(context.view().decoders());
        if (!now.decoders().isEmpty() && !now.equals(told)) {
            told = now;
            say(now);
        }
        String wanted = context.view().display();
        if (!wanted.equals(shown)) {
            shown = wanted;
            say(new StreamMessage.ShowDisplay(wanted));
        }
    }

    @Override
    public void tick() {
        hello();
        if (clock.nanos() - pingedNanos >= PING_EVERY_NANOS) {
            ping();
        }
    }

    @Override
    public void say(StreamMessage message) {
        sent.incrementAndGet();
        channel.send(StreamMessages.write(message));
    }

    @Override
    public void ping() {
        pingedNanos = clock.nanos();
        say(new StreamMessage.Ping(pingedNanos));
    }

    @Override
    public Duration roundTrip() {
        return Duration.ofNanos(roundTripNanos.get());
    }

    @Override
    public Duration silence() {
        return context.silence();
    }

    private void arrived(ByteBuffer bytes) {
        context.heard();
        StreamMessage message;
        try {
            message = StreamMessages.read(bytes);
        } catch (StreamException e) {
            if (e.code() != StreamError.BAD_MESSAGE) {
                throw e;
            }
            malformed.incrementAndGet();
            return;
        }
        if (message != null) { // Else a newer host says what is not known here.
            received.incrementAndGet();
            context.received(message);
        }
    }

    @Override
    public void message(StreamMessage message) {
        switch (message) {
            case StreamMessage.Ping ping -> say(new StreamMessage.Pong(ping.nanos(), clock.nanos()));
            case StreamMessage.Pong pong -> roundTripNanos.set(clock.nanos() - pong.nanos());
            case StreamMessage.Bye bye -> context.left(bye.reason());
            default -> {}
        }
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("messages_sent", sent.get(), "messages_received", received.get(), "malformed", malformed.get());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            say(new StreamMessage.Bye("the client disconnected"));
            channel.close();
            port.close();
        }
    }
}
