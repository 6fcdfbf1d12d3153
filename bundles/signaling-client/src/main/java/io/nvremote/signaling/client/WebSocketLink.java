// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalDialer.LinkListener;
import io.nvremote.signaling.SignalDialer.SignalLink;
import io.nvremote.signaling.SignalError;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel that mends itself. A virtual thread of its own dials, hears and calls the listener; {@link #send} and
 * {@link #close} may be called from any thread, also from the listener.
 */
final class WebSocketLink implements SignalLink {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketLink.class);
    private static final int ABNORMAL = 1006;
    private static final int POLICY = 1008;
    private static final long FAREWELL_NANOS = 1_000_000_000L;
    private static final long JOIN_NANOS = 2_000_000_000L;

    private final URI uri;
    private final LinkListener listener;
    private final Supplier<SignalCodec> codec;
    private final LinkPace pace;
    private final Clock clock = Clock.system();
    private final Consumer<WebSocketLink> gone;
    private final HttpClient http;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    /** The JDK allows one message at a time to be on its way. */
    private final ReentrantLock sending = new ReentrantLock();

    private volatile @Nullable WebSocket socket;
    /** What the listener wants after the last end. Of the link's thread. */
    private Duration pause = Duration.ZERO;

    /** How a socket ended. */
    private record End(int code, String reason) {}

    /**
     * @param http taken over: it is shut down with the link
     * @param gone told when the link ended for good
     */
    WebSocketLink(
            URI uri,
            HttpClient http,
            LinkListener listener,
            Supplier<SignalCodec> codec,
            LinkPace pace,
            Consumer<WebSocketLink> gone) {
        this.uri = uri;
        this.http = http;
        this.listener = listener;
        this.codec = codec;
        this.pace = pace;
        this.gone = gone;
        this.thread = Thread.ofVirtual().name("signal-link-" + uri.getHost()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean send(Signal signal) {
        WebSocket to = socket;
        return to != null && push(to, () -> to.sendText(codec.get().write(signal), true));
    }

    @Override
    public void close() {
        closing.countDown();
        WebSocket open = socket;
        boolean said = open != null && push(open, () -> open.sendClose(WebSocket.NORMAL_CLOSURE, "closed"));
        if (Thread.currentThread() != thread) {
            if (said) {
                join(FAREWELL_NANOS);
            }
            thread.interrupt();
            join(JOIN_NANOS);
        }
    }

    private void join(long nanos) {
        try {
            var unused = thread.join(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        BackOff backOff = new BackOff(pace, listener.backOffCap(), new SplittableRandom());
        try {
            while (closing.getCount() > 0) {
                long upNanos = live(backOff);
                long waitNanos = backOff.next(upNanos).plus(pause).toNanos();
                if (closing.await(waitNanos, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        } finally {
            http.shutdownNow();
            gone.accept(this);
        }
    }

    /** One socket from dialling to its end; returns how long it was up. */
    private long live(BackOff backOff) throws InterruptedException {
        pause = Duration.ZERO;
        Arrivals arrivals = new Arrivals();
        WebSocket opened = dial(arrivals, backOff.failures());
        if (opened == null) {
            return 0;
        }
        long upSince = clock.nanos();
        socket = opened;
        LOG.atInfo()
                .addKeyValue(Keys.PEER, uri.getAuthority())
                .addKeyValue(Keys.ATTEMPT, backOff.failures() + 1)
                .log("link up");
        End end = new End(ABNORMAL, "closed here");
        try {
            guarded("up", () -> listener.up(this));
            end = hear(opened, arrivals);
        } finally {
            socket = null;
            opened.abort();
            LOG.atInfo()
                    .addKeyValue(Keys.PEER, uri.getAuthority())
                    .addKeyValue(Keys.CODE, end.code())
                    .addKeyValue(Keys.REASON, end.reason())
                    .log("link down");
            String reason = end.reason();
            int code = end.code();
            guarded("down", () -> listener.down(code, reason));
            guarded("pause", () -> pause = listener.pause(code, reason));
        }
        return clock.nanos() - upSince;
    }

    /** A listener that fails must not end the link: the next message may well be fine. */
    private static void guarded(String what, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("call", what).log("link listener failed");
        }
    }

    private @Nullable WebSocket dial(Arrivals arrivals, int failures) throws InterruptedException {
        CompletableFuture<WebSocket> dialling =
                http.newWebSocketBuilder().connectTimeout(pace.connect()).buildAsync(uri, arrivals);
        try {
            // The TLS handshake is not part of the client's own timeout.
            return dialling.get(pace.connect().toNanos() * 2, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            var unused = dialling.whenComplete((late, failure) -> abort(late));
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.atWarn()
                    .addKeyValue(Keys.PEER, uri.getAuthority())
                    .addKeyValue(Keys.ATTEMPT, failures + 1)
                    .addKeyValue(Keys.REASON, String.valueOf(cause))
                    .log("control plane not reached");
            return null;
        } catch (InterruptedException e) {
            var unused = dialling.whenComplete((late, failure) -> abort(late));
            throw e;
        }
    }

    private static void abort(@Nullable WebSocket late) {
        if (late != null) {
            late.abort();
        }
    }

    private End hear(WebSocket from, Arrivals arrivals) throws InterruptedException {
        Liveness liveness = new Liveness(pace, clock.nanos());
        while (closing.getCount() > 0) {
            Arrivals.Arrival arrival = arrivals.poll(liveness.untilNanos(clock.nanos()));
            if (arrival != null) {
                liveness.heard(clock.nanos());
                End end = take(from, arrivals, arrival);
                if (end != null) {
                    return end;
                }
            }
            switch (liveness.due(clock.nanos())) {
                case NOTHING -> {}
                case PING -> push(from, () -> from.sendPing(ByteBuffer.allocate(0)));
                case DEAD -> {
                    return new End(ABNORMAL, "the peer is silent");
                }
            }
        }
        awaitClose(from, arrivals);
        return new End(WebSocket.NORMAL_CLOSURE, "closed here");
    }

    private @Nullable End take(WebSocket from, Arrivals arrivals, Arrivals.Arrival arrival)
            throws InterruptedException {
        switch (arrival) {
            case Arrivals.Arrival.Sign sign -> {}
            case Arrivals.Arrival.Failed failed -> {
                return new End(ABNORMAL, String.valueOf(failed.cause().getMessage()));
            }
            case Arrivals.Arrival.Closed closed -> {
                return new End(closed.code(), closed.reason());
            }
            case Arrivals.Arrival.Refused refused -> {
                farewell(from, arrivals, refused.reason());
                return new End(refused.code(), refused.reason());
            }
            case Arrivals.Arrival.Text text -> {
                Signal signal;
                try {
                    signal = codec.get().read(text.text());
                } catch (StreamException e) {
                    int code = e.code() == SignalError.TOO_LARGE ? 1009 : POLICY;
                    farewell(from, arrivals, e.code().name());
                    return new End(code, String.valueOf(e.getMessage()));
                }
                guarded(signal.getClass().getSimpleName(), () -> listener.received(this, signal));
                from.request(1);
            }
        }
        return null;
    }

    /** Says why. Always 1008, since the JDK's client refuses to send 1003 and 1009. */
    private void farewell(WebSocket to, Arrivals arrivals, String reason) throws InterruptedException {
        if (push(to, () -> to.sendClose(POLICY, reason))) {
            awaitClose(to, arrivals);
        }
    }

    /** Waits a moment for the peer's own close frame: cutting at once would lose ours on the way, and the reason in it. */
    private void awaitClose(WebSocket to, Arrivals arrivals) throws InterruptedException {
        to.request(Long.MAX_VALUE);
        long deadline = clock.nanos() + FAREWELL_NANOS;
        for (long left = FAREWELL_NANOS; left > 0; left = deadline - clock.nanos()) {
            Arrivals.Arrival arrival = arrivals.poll(left);
            if (arrival instanceof Arrivals.Arrival.Closed || arrival instanceof Arrivals.Arrival.Failed) {
                return;
            }
        }
    }

    /** Sends one thing and waits until it left; a socket that takes too long is dead. */
    private boolean push(WebSocket to, Supplier<CompletableFuture<WebSocket>> message) {
        sending.lock();
        try {
            var unused = message.get().get(pace.send().toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.atDebug().setCause(e).log("message not sent");
            boolean saidGoodbye = to.isOutputClosed();
            if (!saidGoodbye) { // else the peer's own close frame is still to come
                to.abort();
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            to.abort();
            return false;
        } finally {
            sending.unlock();
        }
    }
}
