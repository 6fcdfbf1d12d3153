// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.transport.VideoSpec;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of a video receiver, without clock, socket or thread: puts units together, asks for what is missing, gives
 * up what comes too late, and queues units whose references were queued before, or that need none. There is no jitter
 * buffer: a unit is queued by the packet that completes it. One thread at a time. Times are nanoseconds of one clock.
 */
final class ReceiveStream implements RtcpReader.Visitor {

    /** A jump further than this is another stream until a second packet confirms it (RFC 3550 appendix A.1). */
    private static final int MAX_JUMP = 3000;

    private static final int MAX_LATE = 500;

    private static final long KEY_FRAME_NANOS = 100_000_000;
    private static final long KEY_FRAME_AGAIN_NANOS = 250_000_000;
    /** At the beginning the sender learns what the path carries. */
    private static final long BEGINNING_NANOS = 2_000_000_000;

    private static final long BEGINNING_REPORT_NANOS = 20_000_000;

    private final VideoSpec spec;
    private final UnitQueue queue;
    private final TransportSettings settings;
    private final FeedbackSender feedback;
    private final RtpHeader header = new RtpHeader();
    private final ReceiveWindow window = new ReceiveWindow();
    private final Reception reception = new Reception();
    private final ClockEcho echo = new ClockEcho();
    private final RepairSchedule repair;
    private final PayloadFormats formats;
    /** One for each codec that came so far. */
    private final Map<Codec, Assembler> assemblers = new HashMap<>();

    private int ssrc;
    private boolean begun;
    /** The one packet that would confirm another stream, and where it comes from. */
    private int candidateSsrc;

    private int candidateNext = -1;
    private boolean awaitKey = true;
    /** The newest packet known to begin a key frame, or -1. */
    private long keyStart = -1;

    private int keyTimestamp;
    /** When a packet of that key frame came last. */
    private long keyGrewAt = Long.MIN_VALUE / 2;

    /** When a packet was last kept, and when nothing was known to be on its way. */
    private long lastArrival;

    private long lastComplete;
    private long gapNanos;
    private long beganAt;
    private long reportDue;
    private long keyFrameDue = Long.MAX_VALUE;
    private long keyFrameAsked = Long.MIN_VALUE / 2;
    /** Whoever watches needs a key frame, and none was queued since. */
    private boolean keyFrameWished;

    private long handedSequence = -1;
    private long now;

    private long units;
    private long packets;
    private long bytes;
    private long lost;
    private long repaired;
    private long unitsDropped;
    private long malformed;

    ReceiveStream(VideoSetup setup, DatagramSender out, UnitQueue queue, RandomGenerator random, long now) {
        this.spec = setup.spec();
        this.settings = setup.settings();
        this.formats = setup.formats();
        this.queue = queue;
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
        boolean near = begun
                && header.ssrc == ssrc
                && number - window.highest() <= MAX_JUMP
                && window.highest() - number <= MAX_LATE;
        if (near) {
            candidateNext = -1;
        } else if (begun && !confirmed()) {
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

    /** Another source or a wild number needs a second packet in order before it is believed. */
    private boolean confirmed() {
        boolean confirmed = candidateSsrc == header.ssrc && candidateNext == header.sequence;
        candidateSsrc = header.ssrc;
        candidateNext = header.sequence + 1 & 0xFFFF;
        return confirmed;
    }

    /** Begins a stream at that packet; where two confirmed it, the first is asked for again. */
    private long begin(int sequence) {
        long number = Sequence.first(sequence);
        candidateNext = -1;
        ssrc = header.ssrc;
        window.restart(number);
        reception.restart(number);
        awaitKey = true;
        keyStart = -1;
        handedSequence = -1;
        keyFrameDue = now + KEY_FRAME_NANOS;
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
            giveUp(number - ReceiveWindow.SLOTS / 2);
        }
        if (number > window.highest() + 1) {
            expect(number - 1);
        }
        boolean filled = number <= window.highest();
        ReceiveWindow.Slot slot = window.put(number, format, header, skip, datagram);
        if (slot.first && slot.key && number > keyStart) {
            keyStart = number;
            keyTimestamp = slot.timestamp;
        }
        keyGrewAt = keyStart >= window.next() && slot.timestamp == keyTimestamp ? now : keyGrewAt;
        if (!filled) {
            lastComplete = now;
            repair.overtaken(now);
        }
        settle(filled || slot.marker);
    }

    /** Packets up to {@code last} have been sent; those not here have been on their way since we last knew of all. */
    private void expect(long last) {
        window.expect(last, lastComplete, now + RepairSchedule.REORDER_NANOS);
        repair.changed(now + RepairSchedule.REORDER_NANOS);
    }

    /** Queues whatever can be queued now. */
    private void settle(boolean tryKey) {
        boolean progress = true;
        while (progress) {
            long end = window.nextUnitEnd();
            progress = end >= 0;
            if (progress) {
                unit(window.next(), end);
            }
        }
        if (tryKey && keyStart > window.next()) {
            long end = window.unitEnd(keyStart);
            if (end >= 0) {
                skip(keyStart);
                unit(keyStart, end);
                settle(true);
            }
        }
    }

    private void unit(long from, long end) {
        ReceiveWindow.Slot head = window.present(from);
        StampExtension.Reading reading = head == null ? null : head.reading;
        boolean hopeless = awaitKey && reading != null && !reading.key();
        ByteBuffer data = queue.borrow();
        PayloadFormat format = head == null ? null : head.format;
        Assembler whole = hopeless || format == null || !queue.hasRoom() ? null : assemble(format, from, end, data);
        boolean key = whole != null && (reading == null ? whole.key() : reading.key());
        if (whole != null) {
            data = whole.finish();
        }
        if (format != null && whole != null && (key || !awaitKey)) {
            handedSequence = reading == null ? handedSequence + 1 : reading.sequence();
            StageStamps stamps = reading == null ? new StageStamps(0, 0, 0, 0, 0) : reading.stamps();
            queue.add(new AccessUnit(format.codec(), data, key, handedSequence, stamps));
            units++;
            awaitKey = false;
            keyFrameWished &= !key;
            keyFrameDue = keyFrameWished ? keyFrameDue : Long.MAX_VALUE;
        } else {
            queue.giveBack(data);
            unitsDropped++;
            needKey();
        }
        window.advance(end + 1);
    }

    /** The assembler with the whole unit in it; null if a payload breaks the format, or has another than the first. */
    private @Nullable Assembler assemble(PayloadFormat format, long from, long end, ByteBuffer data) {
        Assembler assembler = assemblers.computeIfAbsent(format.codec(), codec -> format.assembler());
        assembler.begin(data);
        for (long number = from; number <= end; number++) {
            ReceiveWindow.Slot slot = window.present(number);
            byte[] payload = slot == null ? null : slot.payload;
            if (slot == null || payload == null || slot.format != format || !assembler.add(payload, slot.length)) {
                malformed++;
                return null;
            }
        }
        return assembler.whole() ? assembler : null;
    }

    /** Drops everything before {@code to}: units there are lost. */
    private void skip(long to) {
        boolean inUnit = false;
        for (long number = window.next(); number < to; number++) {
            ReceiveWindow.Slot slot = window.present(number);
            if (slot != null && !inUnit) {
                unitsDropped++;
            }
            inUnit = slot == null ? inUnit : !slot.marker;
        }
        lost += window.advance(to);
    }

    private void giveUp(long through) {
        skip(through + 1);
        needKey();
    }

    private void needKey() {
        if (!awaitKey) {
            awaitKey = true;
            keyFrameDue = now;
        }
        keyFrameDue = Math.min(keyFrameDue, now + KEY_FRAME_AGAIN_NANOS);
    }

    /** Does what time demands and returns when to call again. */
    long poll(long now) {
        this.now = now;
        if (begun) {
            tail();
            boolean growing = awaitKey && now - keyGrewAt < echo.roundTripNanos() + KEY_FRAME_NANOS;
            repair.patience(echo.roundTripNanos(), growing);
            long hopeless = repair.hopeless(now);
            if (hopeless >= 0) {
                giveUp(hopeless);
                settle(true);
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
            next = Math.min(next, Math.max(keyFrameDue, keyFrameAsked + KEY_FRAME_NANOS));
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
        return (keyFrameWished || (begun && awaitKey)) && (!begun || keyStart < window.next());
    }

    /** Asks until one comes; not while one is on its way, and at most once in 100 ms. */
    private void askForKeyFrame() {
        if (keyFrameMissing() && keyFrameDue - now <= 0 && now - keyFrameAsked >= KEY_FRAME_NANOS) {
            keyFrameDue = now + KEY_FRAME_AGAIN_NANOS;
            keyFrameAsked = now;
            feedback.pictureLoss(ssrc, begun ? reception.block(ssrc, now) : null);
        }
    }

    /**
     * Whoever watches needs a key frame. The wish stands until one comes: asked at once, or as soon as 100 ms have passed since
     * the last request, and then again and again. Returns when to {@link #poll} next.
     */
    long requestKeyFrame(long now) {
        this.now = now;
        keyFrameWished = true;
        keyFrameDue = now;
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
                    && last - window.highest() <= MAX_JUMP
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
                units,
                packets,
                bytes,
                lost,
                repaired,
                unitsDropped,
                malformed,
                reception.jitterNanos(),
                echo.roundTripNanos());
    }
}
