// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.Clock;
import io.nvremote.lib.limits.AddressLimiter;
import io.nvremote.lib.services.Current;
import io.nvremote.runtime.Front;
import io.nvremote.signaling.SignalChannel;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalHandler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The open sockets of one channel and the handler of the moment. Safe for any thread. */
final class ConnectionHub implements AutoCloseable {

    private static final int GOING_AWAY = 1001;
    private static final Duration FAREWELL = Duration.ofMillis(500);
    /** What a handler is busy with then goes on while something else is exchanged. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private final SignalChannel channel;
    private final Current<SignalCodec> codec = new Current<>();
    private final ChannelSettings settings;
    private final AddressLimiter openings;
    private final Strangers strangers;
    private final Map<String, SignalConnection> lines = new ConcurrentHashMap<>();
    private final AtomicLong serial = new AtomicLong();
    private final Clock clock = Clock.system();
    private final Thread ticker;
    private final AtomicInteger held = new AtomicInteger();
    private volatile @Nullable SignalHandler handler;
    private volatile boolean closed;

    ConnectionHub(SignalChannel channel, ChannelSettings settings) {
        this.channel = channel;
        this.settings = settings;
        this.strangers = new Strangers(settings.strangers(), settings.strangersPerAddress());
        this.openings = new AddressLimiter(settings.openBurst(), settings.openPerSecond());
        this.ticker = Thread.ofVirtual().name("signal-tick-" + channel).unstarted(this::tick);
    }

    /** Before the first socket opens; later, for what is said and heard from then on by all that are open. */
    void codec(SignalCodec next) {
        codec.set(next);
    }

    void withdraw(SignalCodec gone) {
        codec.unset(gone);
    }

    void start() {
        ticker.start();
    }

    /** A handler came, or the one before it was replaced. Open sockets are introduced to it. */
    void handler(SignalHandler next) {
        handler = next;
        lines.values().forEach(SignalConnection::kick);
    }

    /** A handler went. If it is the one in use, what arrives is parked from now on. */
    void withdraw(SignalHandler gone) {
        if (handler == gone) {
            handler = null;
        }
    }

    /** From now on what arrives is parked, as if there were no handler; waits for what is being handled, but only so long. */
    Front.Hold hold() {
        held.incrementAndGet();
        long since = clock.nanos();
        while (lines.values().stream().anyMatch(SignalConnection::handling)
                && clock.nanos() - since < DRAIN.toNanos()
                && !Thread.currentThread().isInterrupted()) {
            clock.sleep(Duration.ofMillis(5));
        }
        AtomicBoolean open = new AtomicBoolean();
        return () -> {
            if (open.compareAndSet(false, true) && held.decrementAndGet() == 0) {
                lines.values().forEach(SignalConnection::kick);
            }
        };
    }

    /** Who is told of sockets and messages; nobody while something is exchanged. */
    private @Nullable SignalHandler handler() {
        return held.get() > 0 ? null : handler;
    }

    /** Whether this address may open one more socket now. */
    boolean admits(InetAddress from) {
        if (closed || !hasRoom(from)) {
            return false;
        }
        // Only who finds room takes of what the address may open: else an office that comes back at once, and tries
        // again
        // while the first of it show who they are, would spend on refusals what the rest of it needs.
        boolean mayOpen = openings.tryTake(from, clock.nanos()).isZero();
        if (!mayOpen) {
            strangers.opened(AddressLimiter.customer(from)); // it does not open: its room is free again
        }
        return mayOpen;
    }

    private boolean hasRoom(InetAddress from) {
        String key = AddressLimiter.customer(from);
        // One at a time: a socket that opens while others are counted would be neither open nor opening.
        synchronized (strangers) {
            int all = 0;
            int same = 0;
            for (SignalConnection line : lines.values()) {
                if (line.stranger()) {
                    all++;
                    same += key.equals(key(line)) ? 1 : 0;
                }
            }
            return lines.size() + strangers.opening() < settings.maxSockets()
                    && strangers.admit(key, all, same, clock.nanos());
        }
    }

    private static String key(SignalConnection line) {
        return AddressLimiter.customer(line.remote().getAddress());
    }

    SignalConnection open(WebSocketPort wire) {
        String name = channel.name().toLowerCase(java.util.Locale.ROOT) + "-" + serial.incrementAndGet();
        SignalConnection line = new SignalConnection(name, channel, wire, codec, settings, this::handler);
        lines.put(name, line);
        strangers.opened(key(line));
        line.kick();
        return line;
    }

    void ended(SignalConnection line, int code, String reason) {
        lines.remove(line.name());
        line.ended(code, reason);
    }

    int size() {
        return lines.size();
    }

    /** Closes every socket with 1001. Idempotent. */
    @Override
    public void close() {
        closed = true;
        ticker.interrupt();
        lines.values().forEach(line -> line.close(GOING_AWAY, "the control plane restarts"));
    }

    /** Closes, and gives the peers a moment to hear it. */
    void leave() {
        close();
        long since = clock.nanos();
        while (!lines.isEmpty() && clock.nanos() - since < FAREWELL.toNanos()) {
            clock.sleep(Duration.ofMillis(10));
        }
    }

    private void tick() {
        while (!Thread.currentThread().isInterrupted()) {
            clock.sleep(Duration.ofSeconds(1));
            boolean counts = held.get() == 0;
            lines.values().forEach(line -> line.tick(counts));
        }
    }
}
