// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.transport.VideoSpec;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * The protocol of a video receiver, without clock, socket or thread: takes packets, asks for what is missing, gives up what
 * comes too late, and reports; {@link UnitAssembly} makes units of them. There is no jitter buffer: a unit is queued by the
 * packet that completes it. One thread at a time. Times are nanoseconds of one clock.
 */
final class ReceiveStream implements RtcpReader.Visitor {

    /** At the beginning the sender learns what the path carries. */
    private static final long BEGINNING_NANOS = 2_000_000_000;

    private static final long BEGINNING_REPORT_NANOS = 20_000_000;

    private final VideoSpec spec;
    private final TransportSettings settings;
    private final FeedbackSender feedback;
    private final RtpHeader header = new RtpHeader();
    private final SourceCheck source = new SourceCheck();
    private final ReceiveWindow window = new ReceiveWindow();
    private final Reception reception = new Reception();
    private final ClockEcho echo = new ClockEcho();
    private final RepairSchedule repair;
    private final PayloadFormats formats;
    private final KeyFrameRequests keyFrames = new KeyFrameRequests();
    private final UnitAssembly assembly;

    private int ssrc;
    private boolean begun;

    /** When a packet was last kept, and when nothing was known to be on its way. */
    private long lastArrival;

    private long lastComplete;
    private long gapNanos;
    private long beganAt;
    private long reportDue;
    private long now;

    private long packets;
    private long bytes;
    private long repaired;
    private long malformed;

    ReceiveStream(VideoSetup setup, DatagramSender out, UnitQueue queue, RandomGenerator random, long now) {
        this.spec = setup.spec();
        this.settings = setup.settings();
        this.formats = setup.formats();
        assembly = new UnitAssembly(window, queue, keyFrames);
        ssrc = spec.ssrc();
        int own = random.nextInt();
        while (own == ssrc || own == ssrc + 1) {
            own = random.nextInt();
        }
        feedback = new FeedbackSender(own, out);
        repair = new RepairSchedule(window, settings.repairNanos());
        reportDue = now;
        lastArrival = now;
    }

    /** Takes one RTP or RTCP datagram and returns when to {@link #poll} next. */
    long receive(ByteBuffer datagram, long now) {
        this.now = now;
        if (RtpHeader.isRtcp(datagram)) {
            if (!RtcpReader.read(datagram, this)) {
                malformed++;
            }
        } else if (header.parse(datagram) && header.payloadLength <= ReceiveWindow.MAX_PAYLOAD) {
            rtp(datagram);
        } else {
            malformed++;
        }
        return poll(now);
    }

    private void rtp(ByteBuffer datagram) {
        PayloadFormat format = formats.ofType(header.payloadType);
        if (format != null) {
            video(format, datagram);
            return;
        }
        PayloadFormat again = formats.ofType(header.payloadType - 1);
        if (again != null && header.ssrc == ssrc + 1 && header.payloadLength > 2) {
            repaired(again, datagram);
        } else {
            malformed++;
        }
    }

    private void video(PayloadFormat format, ByteBuffer datagram) {
        packets++;
        bytes += datagram.remaining();
        long number = Sequence.unwrap(window.highest(), header.sequence);
        if (begun && header.ssrc == ssrc && SourceCheck.near(number, window.highest())) {
            source.clear();
        } else if (begun && !source.confirmed(header)) {
            return;
        } else {
            number = begin(begun ? header.sequence - 1 : header.sequence) + (begun ? 1 : 0);
            begun = true;
        }
        reception.received(number, header.timestamp, datagram.remaining(), now);
        pace(number);
        window.extendBack(number, now, now + RepairSchedule.REORDER_NANOS);
        if (window.lacks(number)) {
            keep(number, format, 0, datagram);
        }
    }

    /** Begins a stream at that packet; where two confirmed it, the first is asked for again. */
    private long begin(int sequence) {
        long number = Sequence.first(sequence);
        source.clear();
        ssrc = header.ssrc;
        window.restart(number);
        reception.restart(number);
        assembly.restart();
        keyFrames.begin(now);
        lastComplete = now;
        beganAt = now;
        reportDue = now; // the first packet has met no queue of our own yet
        return number;
    }

    /** How far apart the packets of one unit come. */
    private void pace(long number) {
        ReceiveWindow.Slot before = window.present(window.highest());
        if (number > window.highest() && before != null && !before.marker) {
            gapNanos += (now - lastArrival - gapNanos) / 8;
        }
    }

    private void repaired(PayloadFormat format, ByteBuffer datagram) {
        reception.repaired(datagram.remaining());
        long number = Sequence.unwrap(window.highest(), datagram.getShort(header.payloadAt) & 0xFFFF);
        if (begun && number <= window.highest() && window.lacks(number)) {
            repaired++;
            keep(number, format, 2, datagram);
        }
    }

    private void keep(long number, PayloadFormat format, int skip, ByteBuffer datagram) {
        lastArrival = now;
        if (number - window.next() >= ReceiveWindow.SLOTS) {
            assembly.giveUp(number - ReceiveWindow.SLOTS / 2, now);
        }
        if (number > window.highest() + 1) {
            expect(number - 1);
        }
        boolean filled = number <= window.highest();
        ReceiveWindow.Slot slot = window.put(number, format, header, skip, datagram);
        assembly.kept(slot, now);
        if (!filled) {
            lastComplete = now;
            repair.overtaken(now);
        }
        assembly.settle(filled || slot.marker, now);
    }

    /** Packets up to {@code last} have been sent; those not here have been on their way since we last knew of all. */
    private void expect(long last) {
        window.expect(last, lastComplete, now + RepairSchedule.REORDER_NANOS);
        repair.changed(now + RepairSchedule.REORDER_NANOS);
    }

    /** Does what time demands and returns when to call again. */
    long poll(long now) {
        this.now = now;
        if (begun) {
            tail();
            boolean growing = keyFrames.needed()
                    && now - assembly.keyGrewAt() < echo.roundTripNanos() + KeyFrameRequests.LEAST_NANOS;
            repair.patience(echo.roundTripNanos(), growing);
            long hopeless = repair.hopeless(now);
            if (hopeless >= 0) {
                assembly.giveUp(hopeless, now);
                assembly.settle(true, now);
            }
            int asked = repair.collect(now, echo.roundTripNanos());
            if (asked > 0) {
                feedback.nack(ssrc, reception.block(ssrc, now), repair.items(), asked);
            }
        }
        askForKeyFrame();
        if (reportDue - now <= 0) {
            boolean beginning = begun && now - beganAt < BEGINNING_NANOS;
            reportDue = now
                    + (beginning ? Math.min(BEGINNING_REPORT_NANOS, settings.reportNanos()) : settings.reportNanos());
            echo.asked(now);
            feedback.report(begun ? reception.block(ssrc, now) : null, begun ? reception.arrival(now) : null, now);
        }
        return next();
    }

    private long next() {
        long next = Math.min(reportDue, repair.due());
        if (keyFrameMissing()) {
            next = Math.min(next, keyFrames.due());
        }
        return unfinished() ? Math.min(next, quietUntil()) : next;
    }

    /** When the rest of a unit does not follow for longer than pacing explains, its next packet counts as lost. */
    private void tail() {
        if (unfinished() && quietUntil() - now <= 0) {
            window.expect(window.highest() + 1, now, now);
            repair.changed(now);
        }
    }

    private boolean unfinished() {
        ReceiveWindow.Slot last = begun ? window.present(window.highest()) : null;
        return last != null && !last.marker;
    }

    private long quietUntil() {
        return lastArrival + Math.max(spec.rate().intervalNanos() / 2 + 2 * RepairSchedule.REORDER_NANOS, 4 * gapNanos);
    }

    /** One is needed and none on its way. */
    private boolean keyFrameMissing() {
        return (keyFrames.wished() || (begun && keyFrames.needed())) && !(begun && assembly.keyOnItsWay());
    }

    /** Asks until one comes; not while one is on its way. */
    private void askForKeyFrame() {
        if (keyFrameMissing() && keyFrames.take(now)) {
            long shown = begun && keyFrames.needed() ? assembly.handedSequence() : -1;
            feedback.pictureLoss(ssrc, begun ? reception.block(ssrc, now) : null, shown);
        }
    }

    /**
     * Whoever watches needs a key frame. The wish stands until one comes: asked at once, or as soon as 100 ms have passed since
     * the last request, and then again and again. Returns when to {@link #poll} next.
     */
    long requestKeyFrame(long now) {
        this.now = now;
        keyFrames.wish(now);
        askForKeyFrame();
        return next();
    }

    void bye() {
        feedback.bye();
    }

    @Override
    public void senderReport(int ssrc, long ntp, int timestamp) {
        if (ssrc == this.ssrc) {
            reception.senderReport(ntp, now);
        }
    }

    /** What comes next begins a new stream. */
    @Override
    public void bye(int ssrc) {
        if (ssrc == this.ssrc) {
            begun = false;
        }
    }

    @Override
    public void echoReply(long asked, long came, long went, boolean anySent, int lastSequence) {
        echo.answered(asked, came, went, now);
        if (begun && anySent) {
            long last = Sequence.unwrap(window.highest(), lastSequence);
            if (last > window.highest()
                    && last - window.highest() <= SourceCheck.MAX_JUMP
                    && last - window.next() < ReceiveWindow.SLOTS / 2) {
                expect(last);
            }
            lastComplete = now;
        }
    }

    long hostClockOffsetNanos() {
        return echo.offsetNanos();
    }

    ReceiverStats stats() {
        return new ReceiverStats(
                assembly.units(),
                packets,
                bytes,
                assembly.lost(),
                repaired,
                assembly.unitsDropped(),
                malformed + assembly.malformed(),
                reception.jitterNanos(),
                echo.roundTripNanos());
    }
}
