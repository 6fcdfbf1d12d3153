// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.lib.capture.Pace;
import io.nvremote.media.Damage;
import io.nvremote.media.FrameSink;
import io.nvremote.media.LentFrame;
import io.nvremote.media.StageStamps;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One stream of pictures, driven by the server's reports of what was drawn: at rest it costs nothing. */
final class X11Session implements CaptureSession {

    /** How soon to look again when no image is free, or the server refused one. */
    private static final long AGAIN_NANOS = 2_000_000;

    private final X11Screen screen;
    private final Clock clock;
    private final Pace pace;
    private final ReentrantLock grabbing = new ReentrantLock();
    private volatile boolean closed;
    private volatile boolean refresh = true;
    private long changedNanos;
    private long sequence;
    private final Object identity = new Object();

    X11Session(X11Screen screen, FrameRate rate, Clock clock) {
        this.screen = screen;
        this.clock = clock;
        pace = new Pace(rate, clock.nanos());
    }

    @Override
    public Grab grab(Duration timeout, FrameSink sink) {
        grabbing.lock();
        try {
            LentFrame frame = awaitPicture(clock.nanos() + timeout.toNanos());
            if (frame == null) {
                return closed ? Grab.CLOSED : Grab.UNCHANGED;
            }
            try (frame) {
                sink.accept(frame);
            }
            return Grab.PICTURE;
        } finally {
            if (closed) {
                screen.close();
            }
            grabbing.unlock();
        }
    }

    private @Nullable LentFrame awaitPicture(long untilNanos) {
        while (!closed) {
            boolean changed = screen.changed() || refresh;
            long now = clock.nanos();
            changedNanos = changed && changedNanos == 0 ? now : changedNanos;
            boolean due = changed && pace.waitNanos(now) <= 0;
            LentFrame frame = due ? shoot(now) : null;
            if (frame != null) {
                return frame;
            }
            long left = untilNanos - now;
            if (left <= 0) {
                return null;
            }
            long wait = due ? AGAIN_NANOS : changed ? pace.waitNanos(now) : left;
            screen.waker().await(Math.min(left, wait), !changed);
        }
        return null;
    }

    private @Nullable LentFrame shoot(long now) {
        refresh = false;
        ScreenImage image = screen.shoot();
        if (image == null) {
            refresh = true;
            return null;
        }
        long shown = changedNanos;
        changedNanos = 0;
        pace.taken(now);
        BitSet rows = screen.rows();
        Damage damage = rows == null ? null : new Damage(identity, rows);
        return new LentFrame(image, sequence++, StageStamps.captured(shown, clock.nanos()), damage);
    }

    @Override
    public void refresh() {
        refresh = true;
        screen.waker().wake();
    }

    @Override
    public @Nullable Cursor cursor() {
        return screen.cursor();
    }

    @Override
    public void close() {
        closed = true;
        screen.waker().wake();
        boolean insideSink = grabbing.isHeldByCurrentThread();
        if (!insideSink) {
            grabbing.lock();
            try {
                screen.close();
            } finally {
                grabbing.unlock();
            }
        }
    }
}
