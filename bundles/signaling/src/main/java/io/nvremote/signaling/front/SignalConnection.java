// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalChannel;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalError;
import io.nvremote.signaling.SignalHandler;
import io.nvremote.signaling.SignalSession;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open socket. What arrives waits in order until the handler of the moment has taken what came before; while there is no
 * handler it is parked, and a socket that has {@value #MAX_PARKED} messages waiting is not read further. A new handler first
 * hears of the socket, then of its messages.
 *
 * <p><b>Threads.</b> Safe for any. The handler and the socket are each called by one virtual thread at a time.
 */
final class SignalConnection implements SignalSession {

    static final int MAX_PARKED = 64;
    static final int MAX_PARKED_STRANGER = 2;
    /** An access token and what is around it. */
    static final int MAX_STRANGER = 20 * 1024;
    /** How long a peer may stay one: until {@link #admitted}. */
    static final Duration STRANGER = Duration.ofSeconds(5);

    static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);
    static final Duration PING_EVERY = Duration.ofSeconds(15);
    static final Duration SILENCE = Duration.ofSeconds(45);

    private static final Logger LOG = LoggerFactory.getLogger(SignalConnection.class);

    private final String name;
    private final SignalChannel channel;
    private final WebSocketPort wire;
    private final Supplier<SignalCodec> codec;
    private final Supplier<@Nullable SignalHandler> handlers;
    private final Clock clock = Clock.system();

    private final ReentrantLock lock = new ReentrantLock();
    /** The peer was heard of, or the socket is gone. */
    private final Condition heard = lock.newCondition();

    private final ArrayDeque<Signal> inbox = new ArrayDeque<>();
    private final Outgoing outgoing;
    private final InboundBudget budget;
    private @Nullable SignalHandler introduced;
    private @Nullable End end;
    private boolean pumping;
    private boolean demandHeld;
    private boolean throttled;
    private volatile boolean stranger = true;
    private final long openedNanos = clock.nanos();
    private long heardNanos = openedNanos;
    private long pingedNanos = openedNanos;

    private record End(int code, String reason) {}

    SignalConnection(
            String name,
            SignalChannel channel,
            WebSocketPort wire,
            Supplier<SignalCodec> codec,
            ChannelSettings settings,
            Supplier<@Nullable SignalHandler> handlers) {
        this.name = name;
        this.channel = channel;
        this.wire = wire;
        this.codec = codec;
        this.handlers = handlers;
        this.outgoing = new Outgoing(name, wire, clock);
        this.budget = new InboundBudget(settings.messageBurst(), settings.messagesPerSecond(), openedNanos);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SignalChannel channel() {
        return channel;
    }

    @Override
    public @Nullable X509Certificate certificate() {
        return wire.certificate();
    }

    @Override
    public InetSocketAddress remote() {
        return wire.remote();
    }

    @Override
    public void send(Signal signal) {
        outgoing.post(new Outbox.Parcel.Text(codec.get().write(signal)));
    }

    @Override
    public boolean drained(Duration limit) {
        return outgoing.drained(limit);
    }

    @Override
    public boolean open() {
        return !leaving();
    }

    @Override
    public boolean alive(Duration limit) {
        long asked = clock.nanos();
        outgoing.post(new Outbox.Parcel.Ping());
        lock.lock();
        try {
            long left = limit.toNanos();
            while (heardNanos - asked <= 0 && end == null && left > 0) {
                left = heard.awaitNanos(left);
            }
            return heardNanos - asked > 0 && end == null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void admitted() {
        stranger = false;
    }

    boolean stranger() {
        return stranger;
    }

    @Override
    public void close(int code, String reason) {
        outgoing.post(new Outbox.Parcel.Close(code, reason));
    }

    /**
     * The peer sent a text message. Asks the socket for the next one unless enough are waiting; what comes after a refusal is
     * read and dropped, so that the peer's own close is seen.
     */
    void arrived(String text) {
        if (leaving()) {
            wire.demand();
            return;
        }
        Signal signal;
        try {
            if (stranger && text.length() > MAX_STRANGER) {
                throw new StreamException(SignalError.TOO_LARGE, "a first message is at most 20 KiB");
            }
            signal = codec.get().read(text);
        } catch (StreamException e) {
            refuse(e);
            wire.demand();
            return;
        }
        boolean more;
        lock.lock();
        try {
            heardNanos = clock.nanos();
            heard.signalAll();
            inbox.add(signal);
            demandHeld = inbox.size() >= (stranger ? MAX_PARKED_STRANGER : MAX_PARKED);
            throttled = !budget.take(heardNanos);
            more = !demandHeld && !throttled;
        } finally {
            lock.unlock();
        }
        kick();
        if (more) {
            wire.demand();
        }
    }

    /** The peer showed that it is there. */
    void heard() {
        lock.lock();
        try {
            heardNanos = clock.nanos();
            heard.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The socket is gone. */
    void ended(int code, String reason) {
        lock.lock();
        try {
            if (end != null) {
                return;
            }
            end = new End(code, reason);
            outgoing.clear();
            heard.signalAll();
        } finally {
            lock.unlock();
        }
        kick();
    }

    /**
     * Looks whether a ping is due, the peer is gone, stayed a stranger for too long, or may say more.
     *
     * @param heeded whether there is anybody to whom a stranger could show who it is
     */
    void tick(boolean heeded) {
        boolean dead;
        boolean ping;
        boolean more;
        lock.lock();
        try {
            long now = clock.nanos();
            more = throttled && budget.refilled(now);
            if (more) {
                throttled = false;
                heardNanos = now;
                more = !demandHeld;
            }
            boolean silent = !demandHeld && !throttled && now - heardNanos >= SILENCE.toNanos();
            dead = end == null && (silent || outgoing.closingFor(now).compareTo(CLOSE_LIMIT) >= 0);
            ping = end == null && now - pingedNanos >= PING_EVERY.toNanos();
            if (ping) {
                pingedNanos = now;
            }
        } finally {
            lock.unlock();
        }
        if (more) {
            wire.demand();
        }
        if (dead) {
            LOG.atInfo().addKeyValue(Keys.PEER, name).log("socket is silent or does not close");
            wire.cut();
        } else if (stranger && heeded && clock.nanos() - openedNanos >= STRANGER.toNanos() && !leaving()) {
            close(1008, SignalError.NOT_AUTHENTICATED.name());
        } else if (ping) {
            outgoing.post(new Outbox.Parcel.Ping());
        }
    }

    /** Whether the handler is being told something. */
    boolean handling() {
        lock.lock();
        try {
            return pumping;
        } finally {
            lock.unlock();
        }
    }

    /** Begins to hand over what waits, if there is a handler and nobody does it yet. */
    void kick() {
        lock.lock();
        try {
            SignalHandler handler = handlers.get();
            boolean due = introduced != handler || !inbox.isEmpty() || end != null;
            if (pumping || handler == null || !due) {
                return;
            }
            pumping = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("signal-in-" + name).start(this::pump);
    }

    private void pump() {
        for (Runnable step = next(); step != null; step = next()) {
            step.run();
        }
    }

    /** The next call to make, or null when there is none or nobody to call. */
    private @Nullable Runnable next() {
        lock.lock();
        try {
            SignalHandler handler = handlers.get();
            if (handler != null && introduced != handler && end == null) {
                introduced = handler;
                return () -> guarded(() -> handler.opened(this));
            }
            if (handler != null && introduced == handler) {
                Signal signal = inbox.poll();
                if (signal != null) {
                    boolean more = demandHeld && !throttled;
                    demandHeld = false;
                    return () -> deliver(handler, signal, more);
                }
                End over = end;
                if (over != null) {
                    introduced = null;
                    return () -> guarded(() -> handler.closed(this, over.code(), over.reason()));
                }
            }
            pumping = false;
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void deliver(SignalHandler handler, Signal signal, boolean more) {
        if (more) {
            heard();
            wire.demand();
        }
        guarded(() -> handler.received(this, signal));
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (StreamException e) {
            send(new Signal.Refusal(e.code().name(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue(Keys.PEER, name).log("signal handler failed");
            send(new Signal.Refusal(CoreError.INTERNAL.name(), CoreError.INTERNAL.advice()));
        }
    }

    private void refuse(StreamException why) {
        LOG.atWarn()
                .addKeyValue(Keys.PEER, name)
                .addKeyValue(Keys.CODE, why.code())
                .log("socket refused");
        send(new Signal.Refusal(why.code().name(), String.valueOf(why.getMessage())));
        close(why.code() == SignalError.TOO_LARGE ? 1009 : 1008, why.code().name());
    }

    private boolean leaving() {
        lock.lock();
        try {
            return end != null || outgoing.closing();
        } finally {
            lock.unlock();
        }
    }
}
