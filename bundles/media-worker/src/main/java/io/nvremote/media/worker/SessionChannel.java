// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.ProtocolFault;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way to one session of a worker: the caller's own thread says and hears, so that a picture changes threads in the worker only. A call
 * that takes too long ends by the worker's end, which {@link #tick} brings about.
 *
 * <p><b>Threads.</b> {@link #call} belongs to one at a time, {@link #tick} to the watch; {@link #close} to any. A caller that is
 * interrupted loses the socket.
 */
final class SessionChannel implements AutoCloseable {

    private final WorkerProcess worker;
    private final MessageChannel channel;
    private final int session;
    /** Of the call that runs; 0: none does. */
    private final AtomicInteger ticksLeft = new AtomicInteger();

    SessionChannel(WorkerProcess worker, MessageChannel channel, int session) {
        this.worker = worker;
        this.channel = channel;
        this.session = session;
    }

    /**
     * Asks and waits for the answer.
     *
     * @throws WorkerLost if the worker is gone, or does not answer in time, which ends it; or if the caller was interrupted
     */
    Answer call(MessageType type, FieldWriter fields, Duration limit) throws WorkerLost {
        return within(limit, () -> channel.send(type, session, 1, fields));
    }

    /** The answer to what was asked otherwise. */
    Answer hear(Duration limit) throws WorkerLost {
        return within(limit, () -> {});
    }

    @FunctionalInterface
    private interface Asking {
        void ask() throws IOException;
    }

    private Answer within(Duration limit, Asking asking) throws WorkerLost {
        ticksLeft.set(WorkerWatch.ticks(limit));
        try {
            asking.ask();
            List<Message> parts = new ArrayList<>();
            while (true) {
                Message message = channel.receive();
                if (message.type() != MessageType.UNIT) {
                    return new Answer(parts, message);
                }
                parts.add(message);
            }
        } catch (ProtocolFault e) {
            throw worker.lostBy("broke the protocol: " + e.getMessage());
        } catch (ClosedByInterruptException e) {
            throw WorkerLost.interrupted();
        } catch (IOException e) {
            throw worker.sessionEnded();
        } finally {
            ticksLeft.set(0);
        }
    }

    /** Time passes: counted and not measured, so that a standstill of this whole process ends nobody. */
    void tick() {
        int left = ticksLeft.get();
        if (left > 0 && ticksLeft.compareAndSet(left, left - 1) && left == 1) {
            worker.overdue("did not answer in time");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            return; // the socket goes with the process
        }
    }
}
