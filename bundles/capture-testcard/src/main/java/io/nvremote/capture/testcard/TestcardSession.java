// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.media.FrameSink;
import io.nvremote.media.LentFrame;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.testcard.TestcardPainter;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One stream of cards at a steady rate. A deadline that was missed is not made up for: the next picture is due one
 * interval after the late one.
 */
final class TestcardSession implements CaptureSession {

    private final TestcardScreen screen;
    private final Size size;
    private final Clock clock;
    private final long intervalNanos;
    private final TestcardPainter painter;
    private final CardMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private volatile boolean closed;
    private long dueNanos;
    private long sequence;

    TestcardSession(CaptureSpec spec, TestcardScreen screen, Clock clock) {
        if (!TestcardPainter.fits(spec.size())) {
            throw new StreamException(
                    CaptureError.SPEC_REFUSED, "a test card needs more room, for example 640x360: " + spec.size());
        }
        this.screen = screen;
        this.size = spec.size();
        this.clock = clock;
        intervalNanos = spec.rate().intervalNanos();
        painter = new TestcardPainter(spec.size());
        memory = new CardMemory(spec.size());
        dueNanos = clock.nanos();
    }

    @Override
    public Grab grab(Duration timeout, FrameSink sink) {
        lock.lock();
        try {
            LentFrame card = awaitCard(clock.nanos() + timeout.toNanos());
            if (card == null) {
                return closed ? Grab.CLOSED : Grab.UNCHANGED;
            }
            try (card) {
                sink.accept(card);
            }
            return Grab.PICTURE;
        } finally {
            if (closed) {
                memory.free();
            }
            lock.unlock();
        }
    }

    /** The next card, drawn when it is due, or null when the session closed or {@code untilNanos} passed before. */
    private @Nullable LentFrame awaitCard(long untilNanos) {
        while (!closed) {
            long now = clock.nanos();
            boolean due = now - dueNanos >= 0;
            CardMemory.Slot slot = due ? memory.take() : null;
            if (slot != null) {
                dueNanos = now - dueNanos > intervalNanos ? now + intervalNanos : dueNanos + intervalNanos;
                painter.paint(slot.surface(), screen.mark((int) sequence));
                return new LentFrame(slot, sequence++, StageStamps.captured(now, clock.nanos()), null);
            }
            long left = untilNanos - now;
            if (left <= 0) {
                return null;
            }
            await(Math.min(left, due ? intervalNanos : dueNanos - now));
        }
        return null;
    }

    @SuppressWarnings("WaitNotInLoop") // its caller is the loop
    private void await(long nanos) {
        try {
            woken.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true; // who interrupts a capture thread wants it to end
        }
    }

    @Override
    public Cursor cursor() {
        return CardPointer.at(screen.mark(0), size);
    }

    /** Every card is another: the next one is due, and comes no sooner than the rate allows. */
    @Override
    public void refresh() {}

    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            woken.signalAll();
            if (lock.getHoldCount() == 1) { // else a sink closes the session, and grab frees when it is done
                memory.free();
            }
        } finally {
            lock.unlock();
        }
    }
}
