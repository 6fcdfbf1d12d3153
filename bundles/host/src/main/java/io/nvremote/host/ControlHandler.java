// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's end of the control channel: what the client says becomes input, an answer or a request to the session.
 *
 * <p><b>Threads.</b> {@link #message} one call at a time; the rest from any.
 */
final class ControlHandler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);

    /** What the client asks of the session. */
    sealed interface Request {
        /** Its first message. */
        record ClientHere() implements Request {}

        record KeyFrame() implements Request {}

        record Left(String reason) implements Request {}
    }

    private final RankedServices<InputSink> sinks;
    private final String display;
    private final StreamMetrics figures;
    private final Consumer<StreamMessage> out;
    private final Consumer<Request> requests;
    private final Clock clock = Clock.system();
    private final HeldInput held = new HeldInput();
    private boolean watched;
    private String source = "";
    private @Nullable InputSession input;
    private @Nullable String refusedSource;
    private boolean closed;
    private volatile boolean here;

    ControlHandler(
            RankedServices<InputSink> sinks,
            String display,
            StreamMetrics figures,
            Consumer<StreamMessage> out,
            Consumer<Request> requests) {
        this.sinks = sinks;
        this.display = display;
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
    synchronized void source(String name) {
        source = name;
        refusedSource = null;
        closeInput();
    }

    /** A datagram of the client arrived: it lives, whatever the datagram holds. */
    void heard() {
        held.heard(clock.nanos());
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
            case StreamMessage.Input in -> {
                if (inject(in.event())) {
                    figures.inputs.incrementAndGet();
                }
            }
            case StreamMessage.KeyFrameRequest key -> requests.accept(new Request.KeyFrame());
            case StreamMessage.Ping ping -> out.accept(new StreamMessage.Pong(ping.nanos(), clock.nanos()));
            case StreamMessage.Bye bye -> requests.accept(new Request.Left(bye.reason()));
            case null, default -> figures.badMessages.incrementAndGet(); // A type of the host's, or a newer client's.
        }
    }

    private synchronized boolean inject(InputEvent event) {
        if (closed) {
            return false;
        }
        try {
            InputSession to = session();
            if (to != null) {
                to.inject(event);
                held.take(event);
                watchHeld();
                return true;
            }
        } catch (StreamException e) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue(Keys.CODE, e.code().name())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("input not injected");
            refuse();
        } catch (RuntimeException | LinkageError e) {
            LOG.atWarn().setCause(e).addKeyValue("source", source).log("input not injected");
            refuse();
        }
        figures.inputFailures.incrementAndGet();
        return false;
    }

    /** A thread looks after what is held down, as long as something is. */
    private void watchHeld() {
        if (held.any() && !watched) {
            watched = true;
            Thread.ofVirtual().name("held-input").start(this::releaseWhenSilent);
        }
    }

    private void releaseWhenSilent() {
        for (long left = HeldInput.SILENCE.toNanos(); left > 0; left = stillHeld()) {
            clock.sleep(Duration.ofNanos(left));
        }
    }

    /** How long until what is held goes up; 0 when nothing is held any more. */
    private synchronized long stillHeld() {
        long left = held.any() && !closed ? held.remaining(clock.nanos()) : 0;
        watched = left > 0;
        if (!watched && held.any() && !closed) {
            LOG.atDebug().addKeyValue("source", source).log("the client is silent: what it held down goes up");
            inject(new InputEvent.ReleaseAll());
        }
        return left;
    }

    /** No further try before the source is announced again. */
    private void refuse() {
        refusedSource = source;
        closeInput();
    }

    private @Nullable InputSession session() {
        if (input == null && !source.equals(refusedSource)) {
            input = sinks.best(source).map(sink -> sink.service().open(display)).orElse(null);
            if (input == null) {
                refusedSource = source;
                LOG.atWarn().addKeyValue("source", source).log("no input sink for this picture source");
            }
        }
        return input;
    }

    private void closeInput() {
        InputSession open = input;
        input = null;
        held.clear(); // a session that closes lets go of everything
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (RuntimeException | LinkageError e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.REASON, e.getMessage()).log("input did not close");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeInput();
    }
}
