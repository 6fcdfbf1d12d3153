// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A sender, a receiver and a bad network between them, in virtual time: an hour takes as long as its work. */
final class Simulation {

    static final long MILLI = 1_000_000;
    /** What the host's clock is ahead of the client's. */
    static final long HOST_AHEAD = 5_000_000_000L;

    /** When a datagram arrives that was sent now; none if it is lost, two if it is doubled. */
    interface Path {
        long[] arrivals(byte[] datagram, long now);
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Received(long sequence, boolean key, byte[] bytes, StageStamps stamps, long at) {}

    private record Event(long at, long order, Runnable action) {}

    /** What the next unit is coded in, and what came. */
    Codec codec = Codec.H264;

    final List<Codec> codecs = new ArrayList<>();
    private final VideoSetup setup;
    final List<byte[]> sent = new ArrayList<>();
    final List<Received> received = new ArrayList<>();
    final List<byte[]> toClient = new ArrayList<>();
    final List<Long> toClientAt = new ArrayList<>();
    final List<byte[]> toHost = new ArrayList<>();
    final RandomGenerator random = new SplittableRandom(7);
    Path path = (datagram, now) -> new long[] {now + 10 * MILLI};
    Path back = (datagram, now) -> new long[] {now + 10 * MILLI};
    /** What becomes of a report before the sender has it. */
    UnaryOperator<byte[]> arrives = datagram -> datagram;

    SendStream sender;
    final ReceiveStream receiver;
    long now = 1_000 * MILLI;
    boolean keyFrameWanted;
    /** What the encoder was told last; 0: nothing yet. */
    long target;
    /** Which units the encoder was told of as lost, one telling behind the other. */
    final List<LostUnits.Loss> losses = new ArrayList<>();

    boolean obeysKeyFrames = true;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final UnitQueue queue = new UnitQueue();
    private long order;
    private long senderDue;
    private long receiverDue;

    Simulation(RandomGenerator senderRandom) {
        this(new VideoSetup(Units.spec(), TransportSettings.DEFAULT, PayloadFormats.STANDARD), senderRandom);
    }

    Simulation(VideoSetup setup, RandomGenerator senderRandom) {
        this.setup = setup;
        sender = newSender(senderRandom);
        receiver = new ReceiveStream(setup, d -> carry(d, back, toHost, false), queue, random, now);
        receiverDue = now;
    }

    SendStream newSender(RandomGenerator senderRandom) {
        senderDue = Long.MAX_VALUE;
        return new SendStream(
                setup, d -> carry(d, path, toClient, true), senderRandom, Instant.EPOCH, now + HOST_AHEAD);
    }

    private void carry(ByteBuffer datagram, Path by, List<byte[]> record, boolean forward) {
        byte[] bytes = Units.copy(datagram);
        record.add(bytes);
        if (forward) {
            toClientAt.add(now);
        }
        for (long at : by.arrivals(bytes, now)) {
            events.add(new Event(at, order++, () -> arrive(bytes, forward)));
        }
    }

    void arrive(byte[] bytes, boolean atClient) {
        if (atClient) {
            receiverDue = receiver.receive(ByteBuffer.wrap(bytes), now);
            drain();
        } else {
            senderDue = sender.receive(ByteBuffer.wrap(arrives.apply(bytes)), now + HOST_AHEAD);
            hear();
        }
    }

    /** What the sender wants of the encoder. */
    void hear() {
        LostUnits.Loss loss = sender.takeLoss();
        if (loss != null) {
            losses.add(loss);
        }
        keyFrameWanted |= sender.takeKeyFrameWish(now + HOST_AHEAD);
        long target = sender.takeTarget(now + HOST_AHEAD);
        this.target = target > 0 ? target : this.target;
    }

    private void drain() {
        for (AccessUnit unit = queue.poll(); unit != null; unit = queue.poll()) {
            codecs.add(unit.codec());
            received.add(new Received(unit.sequence(), unit.keyFrame(), Units.copy(unit.data()), unit.stamps(), now));
            queue.giveBack(unit.data());
        }
    }

    /** Sends one unit; a key frame if asked to or if the receiver asked. */
    void send(boolean key, int sliceBytes) {
        boolean makeKey = key || (keyFrameWanted && obeysKeyFrames);
        keyFrameWanted = false;
        byte[] bytes = Units.bytes(random, makeKey, sliceBytes);
        long host = now + HOST_AHEAD;
        StageStamps stamps = new StageStamps(host - 9_000, host - 5_000, host - 3_000, host - 1_000, 0);
        AccessUnit unit = new AccessUnit(codec, ByteBuffer.wrap(bytes), makeKey, sent.size(), stamps);
        senderDue = sender.send(unit, host);
        sent.add(bytes);
    }

    /** The receiver was told something from outside: it is looked at at once. */
    void receiverDue() {
        receiverDue = now;
    }

    /** Lets time pass. */
    void run(long nanos) {
        long end = now + nanos;
        while (true) {
            long next = Math.min(senderDue == Long.MAX_VALUE ? Long.MAX_VALUE : senderDue - HOST_AHEAD, receiverDue);
            Event event = events.peek();
            if (event != null && event.at <= next) {
                next = event.at;
            }
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            if (event != null && event.at <= now) {
                events.remove().action.run();
            } else if (receiverDue <= now) {
                receiverDue = receiver.poll(now);
                drain();
            } else {
                senderDue = sender.poll(now + HOST_AHEAD);
                hear();
            }
        }
    }

    /** So many units, one each sixtieth of a second; the first is a key frame. */
    void stream(int units, int maxSliceBytes) {
        for (int i = 0; i < units; i++) {
            send(sent.isEmpty(), 100 + random.nextInt(maxSliceBytes));
            run(1_000 * MILLI / 60);
        }
    }
}
