// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the units of a receiver's window together and queues those whose references were queued before, or that need none;
 * a key frame that is whole is not kept waiting by what was lost before it. One thread at a time.
 */
final class UnitAssembly {

    private final ReceiveWindow window;
    private final UnitQueue queue;
    private final KeyFrameRequests keyFrames;
    /** One for each codec that came so far. */
    private final Map<Codec, Assembler> assemblers = new HashMap<>();

    /** The newest packet known to begin a key frame, or -1. */
    private long keyStart = -1;

    private int keyTimestamp;
    /** When a packet of that key frame came last. */
    private long keyGrewAt = Long.MIN_VALUE / 2;

    private long handedSequence = -1;
    private long units;
    private long lost;
    private long unitsDropped;
    private long malformed;

    UnitAssembly(ReceiveWindow window, UnitQueue queue, KeyFrameRequests keyFrames) {
        this.window = window;
        this.queue = queue;
        this.keyFrames = keyFrames;
    }

    /** The window begins anew. */
    void restart() {
        keyStart = -1;
        handedSequence = -1;
    }

    /** The window has one packet more. */
    void kept(ReceiveWindow.Slot slot, long now) {
        if (slot.first && slot.key && slot.number > keyStart) {
            keyStart = slot.number;
            keyTimestamp = slot.timestamp;
        }
        keyGrewAt = keyOnItsWay() && slot.timestamp == keyTimestamp ? now : keyGrewAt;
    }

    /** Whether a key frame that was not handed over yet has begun to come. */
    boolean keyOnItsWay() {
        return keyStart >= window.next();
    }

    /** When a packet of the newest key frame came last. */
    long keyGrewAt() {
        return keyGrewAt;
    }

    /** Queues whatever can be queued now; with {@code tryKey} also what is whole behind a gap. */
    void settle(boolean tryKey, long now) {
        boolean progress = true;
        while (progress) {
            long end = window.nextUnitEnd();
            progress = end >= 0;
            if (progress) {
                unit(window.next(), end, now);
            }
        }
        if (tryKey && keyStart > window.next()) {
            long end = window.unitEnd(keyStart);
            if (end >= 0) {
                skip(keyStart);
                unit(keyStart, end, now);
                settle(true, now);
            }
        }
    }

    private void unit(long from, long end, long now) {
        ReceiveWindow.Slot head = window.present(from);
        StampExtension.Reading reading = head == null ? null : head.reading;
        boolean hopeless = keyFrames.needed() && reading != null && !reading.key();
        ByteBuffer data = queue.borrow();
        PayloadFormat format = head == null ? null : head.format;
        Assembler whole = hopeless || format == null || !queue.hasRoom() ? null : assemble(format, from, end, data);
        boolean key = whole != null && (reading == null ? whole.key() : reading.key());
        if (whole != null) {
            data = whole.finish();
        }
        if (format != null && whole != null && (key || !keyFrames.needed())) {
            handedSequence = reading == null ? handedSequence + 1 : reading.sequence();
            StageStamps stamps = reading == null ? new StageStamps(0, 0, 0, 0, 0) : reading.stamps();
            queue.add(new AccessUnit(format.codec(), data, key, handedSequence, stamps));
            units++;
            keyFrames.queued(key);
        } else {
            queue.giveBack(data);
            unitsDropped++;
            keyFrames.need(now);
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

    /** What is missing up to there will not come: the units there are lost. */
    void giveUp(long through, long now) {
        skip(through + 1);
        keyFrames.need(now);
    }

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

    /** The sequence of the last unit queued since the window began, or -1. */
    long handedSequence() {
        return handedSequence;
    }

    long units() {
        return units;
    }

    /** Packets that never came. */
    long lost() {
        return lost;
    }

    long unitsDropped() {
        return unitsDropped;
    }

    /** Units that broke their format. */
    long malformed() {
        return malformed;
    }
}
