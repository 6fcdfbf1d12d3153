// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.SenderStats;
import io.nvremote.transport.VideoSpec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The protocol of a video sender, without clock, socket or thread: RTP by RFC 3550 in the payload format of each unit's codec, paced; sender reports;
 * retransmission by RFC 4588 for what generic NACKs (RFC 4585) ask. One thread at a time. Times are nanoseconds of one
 * monotonic clock.
 */
final class SendStream implements Packetizer.Output, RtcpReader.Visitor {

    /** A unit of so few packets leaves at once; also the head of a larger one. */
    static final int BURST_PACKETS = 10;

    private static final long STEP_NANOS = 500_000;
    private static final long REPORT_NANOS = 250_000_000;
    private static final long KEY_FRAME_NANOS = 50_000_000;
    /** The original sequence number in front of a retransmitted payload (RFC 4588 section 4). */
    private static final int OSN_BYTES = 2;

    private final VideoSpec spec;
    private final DatagramSender out;
    private final TransportSettings settings;
    private final PayloadFormats formats;
    /** One for each codec that came so far. */
    private final Map<Codec, Packetizer> packetizers = new HashMap<>();

    private final SendRing ring;
    private final RtcpWriter rtcp;
    private final RtpClock rtpClock;
    private final RepairBudget repairBudget;
    private final ByteBuffer repair;
    /** Packets that leave together: their slots are not written again before they have. */
    private final List<ByteBuffer> step = new ArrayList<>();

    private final long halfFrameNanos;
    private int repairSequence;
    private AccessUnit unit;
    private int payloadType;
    private SendRing.Slot opened;
    private int timestamp;
    private int unitPackets;
    private long now;
    private long reportDue = Long.MAX_VALUE;
    private long lastKeyFrame = Long.MIN_VALUE / 2;
    private boolean keyFrameWanted;
    private boolean answered;

    private long units;
    private long packets;
    private long bytes;
    private long payloadBytes;
    private long retransmissions;
    private long keyFrameRequests;
    private long malformed;
    private long roundTripNanos;
    private double lossFraction;

    @SuppressWarnings("NullAway.Init") // unit and opened are set before the packetizer calls back
    SendStream(VideoSetup setup, DatagramSender out, RandomGenerator random, Instant wall, long now) {
        this.spec = setup.spec();
        this.out = out;
        this.settings = setup.settings();
        this.formats = setup.formats();
        long perSecond =
                spec.bitrate().bitsPerSecond() / 8 * settings.historyNanos() / 1_000_000_000L / spec.payloadBytes();
        ring = new SendRing(
                Math.clamp(4 * perSecond, 2048, 16_384),
                spec.payloadBytes() - OSN_BYTES,
                Sequence.first(random.nextInt()));
        repair = ByteBuffer.allocate(spec.payloadBytes());
        repairSequence = random.nextInt();
        rtcp = new RtcpWriter(spec.ssrc(), "host@nvremote");
        rtpClock = new RtpClock(random.nextInt(), wall, now);
        repairBudget = new RepairBudget(spec.bitrate(), spec.payloadBytes(), now);
        halfFrameNanos = spec.rate().intervalNanos() / 2;
    }

    /** Cuts the unit into packets, sends those that are due, and returns when to {@link #poll} next. */
    long send(AccessUnit unit, long now) {
        this.now = now;
        this.unit = unit;
        long first = ring.next();
        unitPackets = 0;
        timestamp = rtpClock.next(unit.stamps().capturedNanos(), now);
        PayloadFormat format = formats.of(unit.codec());
        payloadType = format.payloadType();
        packetizers.computeIfAbsent(unit.codec(), codec -> format.packetizer()).packetize(unit.data(), this);
        if (ring.next() == first) {
            return poll(now);
        }
        opened.packet.put(1, (byte) (opened.packet.get(1) | 0x80));
        units++;
        schedule(first, ring.next(), now);
        if (reportDue == Long.MAX_VALUE) {
            reportDue = now;
        }
        return poll(now);
    }

    @Override
    public ByteBuffer open() {
        if (ring.full()) {
            transmit(now); // a unit larger than the whole ring loses its pacing, not its packets
            handOver();
        }
        SendRing.Slot slot = ring.add();
        opened = slot;
        slot.first = unitPackets++ == 0;
        slot.due = now;
        RtpHeader.write(slot.packet, slot.first, payloadType, (int) slot.number, timestamp, spec.ssrc());
        if (slot.first) {
            StampExtension.write(slot.packet, unit.keyFrame(), unit.sequence(), unit.stamps(), now);
        }
        return slot.packet;
    }

    @Override
    public void close(ByteBuffer packet) {
        packet.flip();
    }

    /**
     * The head leaves now, the rest spread at four times the stream's rate, done within half a frame interval. What an
     * earlier unit left behind goes first; if that is more than a frame interval, the sender is late and stops pacing.
     */
    private void schedule(long from, long to, long now) {
        SendRing.Slot before = ring.at(from - 1);
        long start = before == null ? now : Math.max(now, before.due);
        if (start - now > 2 * halfFrameNanos) {
            start = now;
            for (SendRing.Slot late = ring.waiting(); late != null && late.number < from; late = ring.waiting()) {
                transmit(now);
            }
        }
        long rest = to - from - BURST_PACKETS;
        if (rest <= 0 && start == now) {
            return;
        }
        long perPacket = spec.payloadBytes()
                * 8L
                * TimeUnit.SECONDS.toNanos(1)
                / (4 * spec.bitrate().bitsPerSecond());
        long window = Math.min(halfFrameNanos, Math.max(0, rest) * perPacket);
        for (long number = from; number < to; number++) {
            SendRing.Slot slot = ring.at(number);
            if (slot != null) {
                long place = Math.max(0, number - from - BURST_PACKETS + 1);
                long exact = rest <= 0 ? 0 : window * place / rest;
                slot.due = start + Math.min(window, (exact + STEP_NANOS - 1) / STEP_NANOS * STEP_NANOS);
            }
        }
    }

    /** Sends what is due and returns when to call again. */
    long poll(long now) {
        SendRing.Slot slot = ring.waiting();
        while (slot != null && slot.due - now <= 0) {
            transmit(now);
            slot = ring.waiting();
        }
        handOver();
        if (reportDue - now <= 0) {
            out.send(report(now).finish());
        }
        return slot == null ? reportDue : Math.min(reportDue, slot.due);
    }

    private void transmit(long now) {
        SendRing.Slot slot = ring.waiting();
        if (slot == null) {
            return;
        }
        if (slot.first) {
            StampExtension.sent(slot.packet, RtpHeader.BYTES, now);
        }
        slot.due = now;
        ring.sent();
        packets++;
        bytes += slot.packet.limit();
        payloadBytes += slot.packet.limit() - RtpHeader.BYTES - (slot.first ? StampExtension.BYTES : 0);
        step.add(slot.packet.position(0));
    }

    /** What is due at one time leaves in one call. */
    private void handOver() {
        if (!step.isEmpty()) {
            try {
                out.sendAll(step);
            } finally {
                step.clear();
            }
        }
    }

    private RtcpWriter report(long now) {
        reportDue = now + REPORT_NANOS;
        return rtcp.senderReport(rtpClock.ntp(now), rtpClock.at(now), packets, payloadBytes);
    }

    /** Takes one RTCP datagram; true if the encoder must make a key frame. */
    boolean receive(ByteBuffer datagram, long now) {
        this.now = now;
        keyFrameWanted = false;
        answered = false;
        if (!RtpHeader.isRtcp(datagram) || !RtcpReader.read(datagram, this)) {
            malformed++;
        }
        return keyFrameWanted;
    }

    /** Whatever waits leaves, then the BYE. */
    void bye(long now) {
        while (ring.waiting() != null) {
            transmit(now);
        }
        handOver();
        out.send(report(now).bye().finish());
    }

    @Override
    public void reportBlock(int ssrc, int fraction, int lastReport, int delay) {
        if (ssrc != spec.ssrc()) {
            return;
        }
        lossFraction = fraction / 256.0;
        if (lastReport != 0) {
            int ticks = (int) (rtpClock.ntp(now) >>> 16) - lastReport - delay;
            if (ticks >= 0 && ticks < (10 << 16)) {
                roundTripNanos = Math.max(1, (ticks * 1_000_000_000L) >> 16);
            }
        }
    }

    @Override
    public void nack(int media, int packet, int mask) {
        if (media != spec.ssrc()) {
            return;
        }
        again(packet);
        for (int bits = mask, next = packet + 1; bits != 0; bits >>>= 1, next++) {
            if ((bits & 1) != 0) {
                again(next);
            }
        }
    }

    /** Sends one packet again, unless it is too old, was just sent again, or asking has used up its share of the path. */
    private void again(int sequence) {
        SendRing.Slot slot = ring.sent(sequence & 0xFFFF);
        long patience = roundTripNanos == 0 ? 5_000_000 : Math.min(roundTripNanos / 2, 50_000_000);
        if (slot == null
                || now - slot.due > settings.historyNanos()
                || (slot.sentAgain != 0 && now - slot.sentAgain < patience)
                || !repairBudget.spend(slot.packet.limit() + OSN_BYTES, now)) {
            return;
        }
        slot.sentAgain = now;
        retransmissions++;
        int header = RtpHeader.BYTES + (slot.first ? StampExtension.BYTES : 0);
        repair.clear().put(0, slot.packet, 0, header);
        repair.put(1, (byte) (slot.packet.get(1) + 1)); // the marker, and the type next to the format's
        repair.putShort(2, (short) repairSequence++).putInt(8, spec.ssrc() + 1);
        repair.putShort(header, (short) slot.number);
        int payload = slot.packet.limit() - header;
        repair.put(header + OSN_BYTES, slot.packet, header, payload);
        out.send(repair.limit(header + OSN_BYTES + payload));
    }

    @Override
    public void pictureLoss(int media) {
        if (media != spec.ssrc()) {
            return;
        }
        keyFrameRequests++;
        if (now - lastKeyFrame >= KEY_FRAME_NANOS) {
            lastKeyFrame = now;
            keyFrameWanted = true;
        }
    }

    @Override
    public void echoRequest(long asked) {
        if (answered) {
            return; // one question a compound, lest a small packet fetch many
        }
        answered = true;
        long last = ring.lastSent();
        out.send(report(now).echoReply(asked, now, now, last >= 0, (int) last).finish());
    }

    SenderStats stats() {
        return new SenderStats(
                units, packets, bytes, retransmissions, keyFrameRequests, malformed, roundTripNanos, lossFraction);
    }
}
