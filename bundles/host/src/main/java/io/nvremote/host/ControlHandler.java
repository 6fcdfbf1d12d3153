// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.media.DecoderCapability;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * The host's end of the control channel: what the client says becomes input, an answer or a request to the session.
 *
 * <p><b>Threads.</b> {@link #message} one call at a time; the rest from any.
 */
final class ControlHandler implements AutoCloseable {

    /** What the client asks of the session. */
    sealed interface Request {
        /** Its first message. */
        record ClientHere() implements Request {}

        record Decodes(List<DecoderCapability> decoders) implements Request {}

        record KeyFrame() implements Request {}

        record Left(String reason) implements Request {}

        /** What became of the pictures. */
        record Judged(StreamMessage.Decoded report) implements Request {}
    }

    private final InputStage input;
    private final StreamMetrics figures;
    private final Consumer<StreamMessage> out;
    private final Consumer<Request> requests;
    private final Clock clock = Clock.system();
    private volatile boolean here;

    ControlHandler(SessionParts parts, StreamMetrics figures, Consumer<StreamMessage> out, Consumer<Request> requests) {
        this.input = new InputStage(parts.inputs(), parts.plan(), figures, parts.services());
        this.figures = figures;
        this.out = out;
        this.requests = requests;
    }

    boolean clientIsHere() {
        return here;
    }

    /**
     * Pictures come from this source now, or again: input goes to the sink of the same name, opened anew, since a screen that
     * came back is another one.
     */
    void source(String name) {
        input.source(name);
    }

    /** Whether this sink is in use. */
    boolean uses(long serviceId) {
        return input.uses(serviceId);
    }

    /** Looks for a sink that hangs. */
    void watch(long nowNanos) {
        input.watch(nowNanos);
    }

    /** A datagram of the client arrived: it lives, whatever the datagram holds. */
    void heard() {
        input.heard(clock.nanos());
    }

    /** One message of the client. */
    void message(ByteBuffer bytes) {
        StreamMessage message;
        try {
            message = StreamMessages.read(bytes);
        } catch (StreamException e) {
            figures.badMessages.incrementAndGet();
            return;
        }
        heard();
        if (!here) {
            here = true;
            requests.accept(new Request.ClientHere());
        }
        switch (message) {
            case StreamMessage.Input in -> input.inject(in.event());
            case StreamMessage.Hello hello -> requests.accept(new Request.Decodes(hello.decoders()));
            case StreamMessage.KeyFrameRequest key -> requests.accept(new Request.KeyFrame());
            case StreamMessage.Ping ping -> out.accept(new StreamMessage.Pong(ping.nanos(), clock.nanos()));
            case StreamMessage.Decoded report -> requests.accept(new Request.Judged(report));
            case StreamMessage.Bye bye -> requests.accept(new Request.Left(bye.reason()));
            case null, default -> figures.badMessages.incrementAndGet(); // A type of the host's, or a newer client's.
        }
    }

    @Override
    public void close() {
        input.close();
    }
}
