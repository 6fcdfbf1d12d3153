// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.DatagramSender;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of a control channel, without clock, socket or thread: messages in order and once, over datagrams that may
 * be lost, doubled or out of order. Each end has a random connection id; another id means that the peer has begun anew,
 * and then whatever it did not acknowledge is sent to the new one. One thread at a time.
 */
final class ControlStream {

    private static final long GREETING_NANOS = 100_000_000;
    private static final int REMEMBERED = 4;

    private final DatagramSender out;
    private final ByteBuffer datagram = ByteBuffer.allocate(ControlFrame.MAX_BYTES);
    private final ControlInbox inbox = new ControlInbox();
    private final ControlOutbox outbox = new ControlOutbox();
    private final int own;
    /** Ids that the peer had before: a late datagram of theirs is no restart. */
    private final int[] former = new int[REMEMBERED];

    private int formerCount;
    private int peer;
    private long greetingDue;
    private long malformed;

    ControlStream(DatagramSender out, RandomGenerator random, long now) {
        this.out = out;
        int id = random.nextInt();
        own = id == 0 ? 1 : id;
        greetingDue = now;
    }

    /** Queues a message and sends what the window allows; false if the queue is full. */
    boolean send(ByteBuffer message, long now) {
        if (message.remaining() > ControlChannel.MAX_MESSAGE_BYTES) {
            throw new StreamException(
                    CoreError.INVALID_VALUE,
                    "a control message has at most " + ControlChannel.MAX_MESSAGE_BYTES + " bytes: "
                            + message.remaining());
        }
        byte[] copy = new byte[message.remaining()];
        message.get(message.position(), copy);
        if (!outbox.add(copy)) {
            return false;
        }
        transmit(now);
        return true;
    }

    /** Takes one datagram; messages that it completes are at {@link #poll()}. */
    void receive(ByteBuffer in, long now) {
        if (!ControlFrame.valid(in) || ControlFrame.from(in) == own) {
            malformed++;
            return;
        }
        int from = ControlFrame.from(in);
        if (from != peer && !meet(from)) {
            return;
        }
        boolean mine = ControlFrame.to(in) == own;
        if (mine && !outbox.acknowledged(ControlFrame.acknowledged(in), ControlFrame.selective(in), now)) {
            malformed++;
            return;
        }
        int at = in.position() + ControlFrame.HEADER;
        boolean answer = !mine || at < in.limit();
        while (mine && at < in.limit()) {
            int length = ControlFrame.length(in, at);
            int body = at + ControlFrame.FRAGMENT_HEADER;
            inbox.take(ControlFrame.number(in, at), ControlFrame.flags(in, at), in, body, length);
            at = body + length;
        }
        if (!transmit(now) && answer) {
            begin();
            out.send(datagram.flip());
        }
    }

    /** The peer has a new id; false if it is only the echo of a former one. */
    private boolean meet(int id) {
        for (int old : former) {
            if (old == id) {
                return false;
            }
        }
        if (peer != 0) {
            former[formerCount++ % REMEMBERED] = peer;
            inbox.restart();
            outbox.restart();
        }
        peer = id;
        return true;
    }

    /** Sends what time demands and returns when to call again. */
    long poll(long now) {
        transmit(now);
        return due();
    }

    /** When to call {@link #poll(long)}. */
    long due() {
        return peer == 0 ? greetingDue : outbox.due();
    }

    /** Sends greetings while the peer is unknown, then fragments, several in one datagram; whether anything went. */
    private boolean transmit(long now) {
        if (peer == 0) {
            boolean due = greetingDue - now <= 0;
            if (due) {
                greetingDue = now + GREETING_NANOS;
                begin();
                out.send(datagram.flip());
            }
            return due;
        }
        boolean any = false;
        for (var next = outbox.poll(now); next != null; next = outbox.poll(now)) {
            if (any && datagram.remaining() < ControlFrame.FRAGMENT_HEADER + next.length) {
                out.send(datagram.flip());
                begin();
            } else if (!any) {
                begin();
            }
            any = true;
            ControlFrame.fragment(datagram, next.number, next.flags, next.data, next.offset, next.length);
        }
        if (any) {
            out.send(datagram.flip());
        }
        return any;
    }

    private void begin() {
        ControlFrame.header(datagram, own, peer, inbox.acknowledged(), inbox.selective());
    }

    /** The next message that came, in order; null if there is none. */
    byte @Nullable [] poll() {
        return inbox.poll();
    }

    long malformed() {
        return malformed + inbox.malformed();
    }
}
