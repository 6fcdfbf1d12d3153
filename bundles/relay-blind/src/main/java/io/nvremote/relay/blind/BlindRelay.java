// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.relay.Relay;
import io.nvremote.relay.RelayCounters;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelayOutput;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.RelayTable;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The keyless relay as a service. Changes of the table are prepared on the caller's thread and queued; the datagram thread
 * takes them in before the next datagram, so the two paths share no lock.
 */
@Component(service = {Relay.class, RelayTable.class})
public final class BlindRelay implements Relay {

    private final RelayMetrics tally = new RelayMetrics();
    private final RelayCore core = new RelayCore(tally);
    private final Queue<Consumer<Bindings>> changes = new ConcurrentLinkedQueue<>();
    private final Object order = new Object();
    private volatile long last;

    @Activate
    public BlindRelay() {}

    @Override
    public void handle(ByteBuffer datagram, InetSocketAddress source, long nowNanos, RelayOutput output) {
        takeChanges();
        core.handle(datagram, source, nowNanos, output);
    }

    @Override
    public void tick(Instant wall, long nowNanos) {
        takeChanges();
        core.tick(wall, nowNanos);
    }

    private void takeChanges() {
        if (changes.isEmpty()) {
            return;
        }
        for (Consumer<Bindings> change = changes.poll(); change != null; change = changes.poll()) {
            change.accept(core.bindings());
        }
        core.changed();
    }

    @Override
    public void upsert(long sequence, RelaySession session) {
        SessionKeys keys = SessionKeys.of(session);
        queue(sequence, bindings -> bindings.upsert(keys));
    }

    @Override
    public void remove(long sequence, SessionId session) {
        queue(sequence, bindings -> bindings.remove(session));
    }

    @Override
    public void replaceAll(long sequence, Collection<RelaySession> sessions) {
        List<SessionKeys> all = sessions.stream().map(SessionKeys::of).toList();
        queue(sequence, bindings -> bindings.replaceAll(all));
    }

    private void queue(long sequence, Consumer<Bindings> change) {
        synchronized (order) {
            if (sequence <= last) {
                throw new StreamException(
                        RelayError.STALE_CHANGE, "change " + sequence + " is not above the last one, " + last);
            }
            last = sequence;
            changes.add(change);
        }
    }

    @Override
    public long sequence() {
        return last;
    }

    @Override
    public RelayCounters counters() {
        return tally.read();
    }
}
