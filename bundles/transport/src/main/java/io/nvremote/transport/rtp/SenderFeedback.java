// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * What the receiver of a stream says, compound by compound, and what becomes of it: the path's rate, packets to be sent
 * again, wishes for key frames, units that are lost. One thread at a time. Times are nanoseconds of one monotonic clock.
 */
final class SenderFeedback implements RtcpReader.Visitor {

    /** A path with a longer round trip gets each repair twice: a lost one would cost another round trip. */
    private static final long COPY_ROUND_TRIP_NANOS = 50_000_000;

    private final int ssrc;
    private final SendRing ring;
    private final RtpClock rtpClock;
    private final PathRate path;
    private final Repairs repairs;
    private final KeyFrameWishes wishes;
    private final LostUnits lostUnits = new LostUnits();

    private long now;
    private boolean echoAsked;
    private long echo;
    /** What the receiver said in this compound: the newest packet it has, or -1; and before. */
    private long seen;
    /** The sequence of the last unit it shows and can't go on from, or -1. */
    private long shown;

    private int lastHighest;
    private int lastLost;
    private long lastArrived;
    private int lastTrainBytes;
    private int lastTrainMicros;
    private long heard;

    private long keyFrameRequests;
    private long malformed;
    private long reportRoundTripNanos;
    private double lossFraction;

    SenderFeedback(int ssrc, SendRing ring, RtpClock rtpClock, PathRate path, Repairs repairs, KeyFrameWishes wishes) {
        this.ssrc = ssrc;
        this.ring = ring;
        this.rtpClock = rtpClock;
        this.path = path;
        this.repairs = repairs;
        this.wishes = wishes;
    }

    /** Takes one RTCP datagram. */
    void read(ByteBuffer datagram, long now) {
        this.now = now;
        echoAsked = false;
        seen = -1;
        shown = -1;
        if (!RtpHeader.isRtcp(datagram) || !RtcpReader.read(datagram, this)) {
            malformed++;
        }
    }

    @Override
    public void reportBlock(RtcpWriter.ReportBlock block) {
        if (block.ssrc() != ssrc) {
            return;
        }
        heard = now;
        lossFraction = block.fraction() / 256.0;
        long highest = Sequence.unwrap(ring.next(), block.highest() & 0xFFFF);
        if (highest < ring.next()) {
            seen = highest;
            int expected = block.highest() - lastHighest;
            if (expected > 0 && expected < 0x8000 && lastHighest != 0) {
                path.control.losses(block.lost() - lastLost, expected, now);
            }
            lastHighest = block.highest();
            lastLost = block.lost();
        }
        if (block.lastReport() != 0) {
            int ticks = (int) (rtpClock.ntp(now) >>> 16) - block.lastReport() - block.delay();
            if (ticks >= 0 && ticks < (10 << 16)) {
                reportRoundTripNanos = Math.max(1, (ticks * 1_000_000_000L) >> 16);
            }
        }
        if (!tellsOfTrains()) {
            path.judge(now);
        }
    }

    /** When the newest packet came and how fast packets came, from a receiver of ours: see the package page. */
    @Override
    public void arrival(int sequence, long heldNanos, int bytes, int micros) {
        SendRing.Slot slot = ring.sent(sequence);
        if (slot != null && slot.number > lastArrived && now - slot.due - heldNanos > 0) {
            lastArrived = slot.number;
            path.control.roundTrip(now - slot.due - heldNanos, now);
        }
        int trainBytes = bytes - lastTrainBytes;
        int trainMicros = micros - lastTrainMicros;
        if (trainBytes > 0 && trainMicros >= 0 && trainMicros < 10_000_000) {
            path.control.train(trainBytes, trainMicros * 1000L, now);
        }
        lastTrainBytes = bytes;
        lastTrainMicros = micros;
        path.judge(now);
    }

    @Override
    public void nack(int media, int packet, int mask) {
        if (media != ssrc) {
            return;
        }
        long roundTrip = roundTripNanos();
        boolean twice = roundTrip >= COPY_ROUND_TRIP_NANOS && path.control.roomForCopies(now);
        ask(packet, roundTrip, twice);
        for (int bits = mask, next = packet + 1; bits != 0; bits >>>= 1, next++) {
            if ((bits & 1) != 0) {
                ask(next, roundTrip, twice);
            }
        }
    }

    private void ask(int packet, long roundTrip, boolean twice) {
        long hopeless = repairs.ask(packet, roundTrip, twice, now);
        if (hopeless >= 0) {
            lostUnits.packet(hopeless);
        }
    }

    @Override
    public void stuckAfter(long sequence) {
        shown = sequence;
    }

    @Override
    public void pictureLoss(int media) {
        if (media == ssrc) {
            keyFrameRequests++;
            if (wishes.wish(seen, roundTripNanos(), now)) {
                repairs.clear(); // it has given up what it lacked
                if (shown >= 0) {
                    lostUnits.after(shown);
                }
            }
        }
    }

    /** One question a compound counts, lest a small packet fetch many answers. */
    @Override
    public void echoRequest(long asked) {
        echo = echoAsked ? echo : asked;
        echoAsked = true;
    }

    /** Whether the compound asked for the clock, and with which value. */
    boolean echoAsked() {
        return echoAsked;
    }

    long echo() {
        return echo;
    }

    LostUnits lostUnits() {
        return lostUnits;
    }

    /** 0 while none is known. */
    long roundTripNanos() {
        return path.control.roundTripNanos() != 0 ? path.control.roundTripNanos() : reportRoundTripNanos;
    }

    /** Whether it has told when packets came, as a receiver of ours does. */
    boolean tellsOfTrains() {
        return lastArrived != 0;
    }

    /** Whether it was heard once, and was silent since then for longer than this and what the path takes. */
    boolean silent(long nanos, long now) {
        return heard != 0 && now - heard > nanos + 2 * path.control.roundTripNanos();
    }

    long keyFrameRequests() {
        return keyFrameRequests;
    }

    long malformed() {
        return malformed;
    }

    double lossFraction() {
        return lossFraction;
    }
}
