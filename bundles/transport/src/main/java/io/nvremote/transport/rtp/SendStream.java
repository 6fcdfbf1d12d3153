// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Bitrate;
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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of a video sender, without clock, socket or thread: RTP by RFC 3550 in the payload format of each unit's
 * codec; sender reports; retransmission by RFC 4588 for what {@link SenderFeedback} asks. Everything but reports goes
 * through one {@link Pacer} at the path's rate. One thread at a time. Times are nanoseconds of one monotonic clock.
 */
final class SendStream implements Packetizer.Output {

    private static final long REPORT_NANOS = 250_000_000;
    /** A receiver that was heard and is silent for so long, beyond what its path takes, gets few pictures. */
    private static final long SILENCE_NANOS = 500_000_000;

    private static final long SILENT_PAUSE_NANOS = 100_000_000;
    /** A receiver of ours has told of the first packets by then. */
    private static final long NO_TRAINS_NANOS = 1_000_000_000;

    private final VideoSpec spec;
    private final DatagramSender out;
    private final PayloadFormats formats;
    /** One for each codec that came so far. */
    private final Map<Codec, Packetizer> packetizers = new HashMap<>();

    private final SendRing ring;
    private final RtcpWriter rtcp;
    private final RtpClock rtpClock;
    private final PathRate path;
    private final Pacer pacer;
    private final Repairs repairs;
    private final SenderFeedback feedback;
    private final KeyFrameWishes wishes = new KeyFrameWishes();
    /** Packets that leave together: their slots are not written again before they have. */
    private final List<ByteBuffer> step = new ArrayList<>();

    private final long halfFrameNanos;
    private AccessUnit unit;
    private int payloadType;
    private SendRing.Slot opened;
    private int timestamp;
    private int unitPackets;
    private long now;
    private long reportDue = Long.MAX_VALUE;
    private long firstUnit;
    private long lastUnit;

    private long units;
    private long packets;
    private long bytes;
    private long payloadBytes;
    private long retransmissions;

    @SuppressWarnings("NullAway.Init") // unit and opened are set before the packetizer calls back
    SendStream(VideoSetup setup, DatagramSender out, RandomGenerator random, Instant wall, long now) {
        this.spec = setup.spec();
        this.out = out;
        this.formats = setup.formats();
        long history = setup.settings().historyNanos();
        long perSecond = spec.bitrate().bitsPerSecond() / 8 * history / 1_000_000_000L / spec.payloadBytes();
        ring = new SendRing(
                Math.clamp(4 * perSecond, 2048, 16_384),
                spec.payloadBytes() - Repairs.OSN_BYTES,
                Sequence.first(random.nextInt()));
        rtcp = new RtcpWriter(spec.ssrc(), "host@nvremote");
        rtpClock = new RtpClock(random.nextInt(), wall, now);
        path = new PathRate(spec.bitrate().bitsPerSecond(), spec.payloadBytes(), now);
        pacer = path.pacer;
        repairs = new Repairs(ring, path.repairs, history, spec.payloadBytes(), random.nextInt());
        feedback = new SenderFeedback(spec.ssrc(), ring, rtpClock, path, repairs, wishes);
        halfFrameNanos = spec.rate().intervalNanos() / 2;
    }

    /** Cuts the unit into packets, sends those that are due, and returns when to {@link #poll} next. */
    long send(AccessUnit unit, long now) {
        this.now = now;
        this.unit = unit;
        long first = ring.next();
        unitPackets = 0;
        lastUnit = now;
        firstUnit = units == 0 ? now : firstUnit;
        timestamp = rtpClock.next(unit.stamps().capturedNanos(), now);
        PayloadFormat format = formats.of(unit.codec());
        payloadType = format.payloadType();
        packetizers.computeIfAbsent(unit.codec(), codec -> format.packetizer()).packetize(unit.data(), this);
        if (ring.next() == first) {
            return poll(now);
        }
        opened.packet.put(1, (byte) (opened.packet.get(1) | 0x80));
        units++;
        feedback.lostUnits().sent(first, unit.sequence(), unit.keyFrame());
        if (unit.keyFrame()) {
            wishes.made(ring.next() - 1, pacer.nanosFor(waitingBytes()), now);
        }
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
        // A repair is longer by the number of what it repeats.
        slot.packet.limit(Math.min(slot.packet.capacity(), out.maxDatagramBytes() - Repairs.OSN_BYTES));
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

    /** Sends what the pacer lets go, repairs first, and returns when to call again. */
    long poll(long now) {
        if (!feedback.tellsOfTrains() && now - firstUnit > NO_TRAINS_NANOS && units > 0) {
            path.noTrains(now);
        }
        boolean more = pacer.open(now);
        while (more) {
            more = (again(now) || transmit(now)) && pacer.open(now);
        }
        handOver();
        if (reportDue - now <= 0) {
            out.send(report(now).finish());
        }
        long next = Math.min(reportDue, wishes.due());
        long repair = repairs.due(now);
        if (ring.waiting() != null || repair - now <= 0) {
            return Math.min(next, pacer.due(now));
        }
        pacer.idle(now);
        return Math.min(next, repair);
    }

    private boolean again(long now) {
        ByteBuffer packet = repairs.poll(spec.ssrc() + 1, now);
        if (packet == null) {
            return false;
        }
        retransmissions++;
        path.left(packet.limit(), now);
        out.send(packet);
        return true;
    }

    /** Sends the oldest packet that waits; false if none does. */
    private boolean transmit(long now) {
        SendRing.Slot slot = ring.waiting();
        if (slot == null) {
            return false;
        }
        if (slot.first) {
            StampExtension.sent(slot.packet, RtpHeader.BYTES, now);
        }
        slot.due = now;
        ring.sent();
        packets++;
        path.left(slot.packet.limit(), now);
        bytes += slot.packet.limit();
        payloadBytes += slot.packet.limit() - RtpHeader.BYTES - (slot.first ? StampExtension.BYTES : 0);
        step.add(slot.packet.position(0));
        return true;
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

    /** How long the encoder had better wait before its next picture, since what it made so far is still to be sent; 0: not. */
    long pauseNanos(long now) {
        boolean silent = feedback.silent(SILENCE_NANOS, now);
        long pause = pacer.nanosFor(waitingBytes()) - halfFrameNanos;
        return Math.max(0, silent ? Math.max(pause, lastUnit + SILENT_PAUSE_NANOS - now) : pause);
    }

    private long waitingBytes() {
        return (ring.unsent() + repairs.waiting()) * (long) spec.payloadBytes();
    }

    /** Takes one RTCP datagram and returns when to {@link #poll} next. */
    long receive(ByteBuffer datagram, long now) {
        feedback.read(datagram, now);
        if (feedback.echoAsked()) {
            long last = ring.lastSent();
            out.send(report(now)
                    .echoReply(feedback.echo(), now, now, last >= 0, (int) last)
                    .finish());
        }
        return poll(now);
    }

    /** Whether the encoder is to be asked for a key frame; asked after {@link #receive} and {@link #poll}. */
    boolean takeKeyFrameWish(long now) {
        return wishes.take(now);
    }

    /** Which units are lost for good since the last call, or null; asked after {@link #receive}. */
    LostUnits.@Nullable Loss takeLoss() {
        return feedback.lostUnits().take();
    }

    /** The bits a second that the encoder is to make from now on, or 0 for no change; asked after {@link #receive}. */
    long takeTarget(long now) {
        return path.control.changedTarget(now);
    }

    /** Whatever waits leaves, then the BYE. */
    void bye(long now) {
        while (ring.waiting() != null) {
            transmit(now);
        }
        handOver();
        out.send(report(now).bye().finish());
    }

    /** What the path is taken to carry, in bits of RTP a second. */
    long pathBitsPerSecond() {
        return path.control.bitsPerSecond();
    }

    SenderStats stats() {
        return new SenderStats(
                units,
                packets,
                bytes,
                retransmissions,
                feedback.keyFrameRequests(),
                feedback.malformed(),
                feedback.roundTripNanos(),
                feedback.lossFraction(),
                new Bitrate(path.control.target()));
    }
}
