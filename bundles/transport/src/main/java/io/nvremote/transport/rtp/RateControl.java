// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.util.concurrent.TimeUnit;

/**
 * What the path carries, from what its receiver reports: no clock, no packets. One thread at a time.
 *
 * <p>Three signs count. <b>Trains</b>: how fast the packets of one picture came one behind the other says what the path can
 * carry before it is full; the rate rises only as far as they prove. <b>Delay</b>: a round trip longer than the shortest
 * by {@link #QUEUE_NANOS} is a queue that grows. <b>Loss</b> beyond what the path always loses is a queue that overflows;
 * what it always loses is the least of the last seconds, so that a bad radio link is not taken for a narrow one. On either
 * of the last two the rate falls below what trains say the path carries, at most once in a round trip.
 *
 * <p>The rate may rise beyond the stream's own: then its bursts are shorter. The encoder is told of the lesser of both.
 */
final class RateControl {

    static final long LEAST = 150_000;
    /** Bursts of a path known to be wide are so many times faster than the stream. */
    private static final int WIDE = 4;

    private static final long FIRST = 4_000_000;
    private static final long QUEUE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long CREEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long TRAIN_OLD_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Faster than any clock between two programs can tell. */
    private static final double LEAST_TRAIN_NANOS = 500_000;

    private static final double CUT = 0.85;
    private static final double LOSS = 0.04;
    private static final double CALM_LOSS = 0.02;
    /** More than that is not usual, whatever was seen so far. */
    private static final double USUAL_LOSS = 0.10;

    private static final int LEAST_PACKETS = 30;
    private static final int PROOF_BYTES = 5_000;
    private static final int SURE_BYTES = 10_000;

    private final long stream;
    private final Decaying lost = new Decaying(TimeUnit.MILLISECONDS.toNanos(400));
    private final Decaying expected = new Decaying(TimeUnit.MILLISECONDS.toNanos(400));
    private final Decaying trainBytes = new Decaying(TimeUnit.MILLISECONDS.toNanos(300));
    private final Decaying trainNanos = new Decaying(TimeUnit.MILLISECONDS.toNanos(300));
    private final Least usualLoss = new Least(TimeUnit.SECONDS.toNanos(2));
    private final Least shortest = new Least(TimeUnit.SECONDS.toNanos(10));

    private double rate;
    private boolean starting = true;
    private boolean trains;
    private int queued;
    private long roundTripNanos;
    private long cutAt;
    private long raisedAt;
    private long trainAt;
    private long told;
    private long toldAt;

    /** For a stream of so many bits a second at most. */
    RateControl(long bitsPerSecond, long now) {
        stream = bitsPerSecond;
        rate = (double) Math.min(bitsPerSecond, FIRST);
        told = bitsPerSecond;
        cutAt = now - TimeUnit.SECONDS.toNanos(1);
        raisedAt = cutAt;
        toldAt = cutAt;
        trainAt = now;
        usualLoss.add(0, now);
    }

    /** The receiver tells of no trains: it gets the stream's own rate until loss or delay speak against it. */
    void noTrains() {
        rate = starting ? (double) Math.max(stream, (long) rate) : rate;
        starting = false;
    }

    /** Of the packets sent since the last report, so many were expected and so many of them had not come. */
    void losses(int missing, int of, long now) {
        if (now - cutAt < roundTripNanos) {
            return; // of packets sent before the rate fell
        }
        lost.add(missing, now);
        expected.add(of, now);
    }

    /** A packet came back as a report after so long, the time the receiver held it taken off. */
    void roundTrip(long nanos, long now) {
        roundTripNanos = nanos;
        shortest.add((double) nanos, now);
        queued = queueNanos(now) > QUEUE_NANOS ? queued + 1 : 0;
    }

    /** So many bytes came one behind the other within so long. */
    void train(long bytes, long nanos, long now) {
        trainBytes.add((double) bytes, now);
        trainNanos.add((double) nanos, now);
        trainAt = now;
        trains = true;
    }

    /** Draws its conclusions from what a report said; {@code used} is the share of the rate in use of late. */
    void judge(double used, long now) {
        double loss = loss(now);
        double usual = Math.min(USUAL_LOSS, usualLoss.value(now, 0));
        double excess = Math.max(0, loss - usual * 1.5);
        if (expected.value(now) > LEAST_PACKETS) {
            usualLoss.add(loss, now);
        }
        boolean narrow = starting && trainRate(now) < rate && trainBytes.value(now) > SURE_BYTES;
        if (queued >= 2 || excess > (trains ? LOSS : USUAL_LOSS) || narrow) {
            cut(now);
        } else if (excess < CALM_LOSS && queueNanos(now) < QUEUE_NANOS / 2) {
            grow(used, now);
        }
    }

    private void cut(long now) {
        if (now - cutAt < roundTripNanos + HOLD_NANOS) {
            return;
        }
        long train = trainRate(now);
        rate = Math.max(LEAST, CUT * (train == 0 ? rate : Math.min(rate, (double) train)));
        starting = false;
        cutAt = now;
        queued = 0;
        lost.clear();
        expected.clear();
    }

    private void grow(double used, long now) {
        long train = trainRate(now);
        long since = now - Math.max(raisedAt, cutAt);
        boolean proven = train >= 0.95 * Pacer.FACTOR * rate && trainBytes.value(now) > PROOF_BYTES;
        if (proven && since >= Math.max(starting ? 0 : HOLD_NANOS, roundTripNanos)) {
            raise(starting ? 2 : 1.25, now);
        } else if (now - trainAt > TRAIN_OLD_NANOS && used > 0.7 && since >= CREEP_NANOS) {
            raise(1.06, now); // a receiver that tells of no trains
        }
    }

    private void raise(double by, long now) {
        rate = Math.min((double) WIDE * stream, rate * by);
        raisedAt = now;
        trainBytes.clear(); // they were sent at the rate before: not what shows whether this one is carried
        trainNanos.clear();
        starting &= rate < stream;
    }

    private double loss(long now) {
        double of = expected.value(now);
        return of < LEAST_PACKETS ? 0 : Math.max(0, lost.value(now) / of);
    }

    private long queueNanos(long now) {
        return roundTripNanos - (long) shortest.value(now, (double) roundTripNanos);
    }

    /** What the path's bottleneck lets through, or 0 if it is not known. */
    private long trainRate(long now) {
        double nanos = Math.max(LEAST_TRAIN_NANOS, trainNanos.value(now));
        return now - trainAt > TRAIN_OLD_NANOS ? 0 : (long) (8e9 * trainBytes.value(now) / nanos);
    }

    /** What the path carries, in bits of RTP a second. */
    long bitsPerSecond() {
        return (long) rate;
    }

    /** 0 while none is known. */
    long roundTripNanos() {
        return roundTripNanos;
    }

    /** Whether packets are lost though the path is not full: then a second copy costs little and saves a round trip. */
    boolean roomForCopies(long now) {
        return now - cutAt > TimeUnit.SECONDS.toNanos(1);
    }

    /**
     * What the encoder is to make from now on, or 0 if that has not changed enough: less is said at once, more once a second
     * at most, since for some encoders each change costs a key frame.
     */
    long changedTarget(long now) {
        long target = Math.min(stream, (long) rate);
        boolean less = target < 0.93 * told;
        boolean more = target > 1.1 * told || (target == stream && told < stream);
        if (less || (more && now - toldAt >= TimeUnit.SECONDS.toNanos(1))) {
            told = target;
            toldAt = now;
            return target;
        }
        return 0;
    }

    /** What the encoder was told last. */
    long target() {
        return told;
    }
}
