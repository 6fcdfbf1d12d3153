// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.Cursor;
import io.nvremote.capture.nvfbc.NvfbcScreen.Grabbed;
import io.nvremote.core.Clock;
import io.nvremote.core.DisplayName;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.lib.capture.Pace;
import io.nvremote.media.Damage;
import io.nvremote.media.FrameSink;
import io.nvremote.media.LentFrame;
import io.nvremote.media.StageStamps;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One stream of pictures: the driver tells when there is a new one. */
final class NvfbcSession implements CaptureSession {

    /** A call into the driver can't be interrupted: this is how late a refresh or a close is heard. */
    private static final Duration SLICE = Duration.ofMillis(25);

    /** How long a screen that is busy is waited for when a stream is opened. */
    private static final Duration BEGIN = Duration.ofSeconds(3);

    /** How often in a row a new session of the driver may give no picture, a {@link #SLICE} apart, before the screen is given up. */
    private static final int MOST_MISSES = 120;

    private final DriverThread driver;
    private final NvfbcScreen screen;
    private final XPointer pointer;
    private final String display;
    private final Clock clock;
    private final Pace pace;
    private final ReentrantLock grabbing = new ReentrantLock();
    private volatile boolean closed;
    private volatile boolean refresh = true;
    /** What the driver's clock is behind ours at least: the smallest that was seen, since a picture comes late or not at all. */
    private long behindNanos = Long.MAX_VALUE;

    /** How often in a row there was nothing to grab from, since the screen changes its mode or the driver wants a new session. */
    private int misses;

    private boolean gaveBack;
    private long sequence;
    /** Another one with each session of the driver, whose first map of differences compares with nothing. */
    private @Nullable Object damageOf;

    private NvfbcSession(
            DriverThread driver, NvfbcScreen screen, XPointer pointer, String display, FrameRate rate, Clock clock) {
        this.display = display;
        this.driver = driver;
        this.screen = screen;
        this.pointer = pointer;
        this.clock = clock;
        pace = new Pace(rate, clock.nanos());
    }

    /** @param display how the process's X screen is called where its outputs are told */
    static NvfbcSession open(NvfbcSettings settings, String display, FrameRate rate, Clock clock) {
        XPointer pointer = XPointer.open();
        DriverThread driver = new DriverThread();
        try {
            NvfbcScreen screen = driver.call(() -> begun(settings, clock));
            return new NvfbcSession(driver, screen, pointer, display, rate, clock);
        } catch (RuntimeException e) {
            driver.close();
            pointer.close();
            throw e;
        }
    }

    private static NvfbcScreen begun(NvfbcSettings settings, Clock clock) {
        NvfbcScreen screen = new NvfbcScreen(settings);
        try {
            long until = clock.nanos() + BEGIN.toNanos();
            while (!screen.begin()) {
                if (clock.nanos() > until) {
                    throw new StreamException(
                            CaptureError.SOURCE_UNAVAILABLE,
                            "NvFBC begins no session: the screen changes its mode, or another session has it");
                }
                clock.sleep(SLICE);
            }
            return screen;
        } catch (RuntimeException e) {
            screen.close();
            throw e;
        }
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
                giveBack();
            }
            grabbing.unlock();
        }
    }

    private @Nullable LentFrame awaitPicture(long untilNanos) {
        while (!closed) {
            long now = clock.nanos();
            long wait = Math.min(pace.waitNanos(now), untilNanos - now);
            if (wait > 0) {
                clock.sleep(Duration.ofNanos(Math.min(wait, SLICE.toNanos())));
                continue;
            }
            boolean asked = refresh;
            refresh = false;
            long left = Math.clamp(untilNanos - now, 0, SLICE.toNanos());
            Grabbed grabbed = driver.call(() -> grabbed(asked ? null : Duration.ofNanos(left)));
            if (grabbed != null && (grabbed.fresh() || asked)) {
                return frame(grabbed);
            }
            if (grabbed == null) {
                refresh = true; // the screen as it is then, whether or not it changes
                missed();
            } else {
                misses = 0;
            }
            if (clock.nanos() >= untilNanos) {
                return null;
            }
        }
        return null;
    }

    /** In the driver's thread. */
    private @Nullable Grabbed grabbed(@Nullable Duration timeout) {
        if (!screen.capturing()) {
            damageOf = null;
            behindNanos = Long.MAX_VALUE;
            if (!begunAgain()) {
                return null;
            }
        }
        return screen.grab(timeout);
    }

    /** A change of mode costs one or a few; a driver that never comes to an end with it gives way to the next source. */
    private void missed() {
        if (++misses > MOST_MISSES) {
            throw new StreamException(
                    CaptureError.SOURCE_LOST,
                    "NvFBC begins its session again and again: no picture in " + MOST_MISSES + " attempts");
        }
        if (misses > 1) {
            clock.sleep(SLICE);
        }
    }

    private boolean begunAgain() {
        try {
            return screen.begin();
        } catch (StreamException e) {
            throw new StreamException(CaptureError.SOURCE_LOST, String.valueOf(e.getMessage()), e);
        }
    }

    private LentFrame frame(Grabbed grabbed) {
        long now = clock.nanos();
        pace.taken(now);
        Object session = damageOf;
        Damage damage = session == null || grabbed.rows() == null ? null : new Damage(session, grabbed.rows());
        damageOf = session == null ? new Object() : session;
        long driverNanos = grabbed.shownMicros() * 1000;
        behindNanos = Math.min(behindNanos, now - driverNanos);
        return new LentFrame(
                LentPicture.of(grabbed), sequence++, StageStamps.captured(driverNanos + behindNanos, now), damage);
    }

    @Override
    public void refresh() {
        refresh = true;
    }

    @Override
    public @Nullable Cursor cursor() {
        Cursor cursor = pointer.cursor();
        CaptureOutput output = screen.output();
        return cursor == null
                ? null
                : new Cursor(
                        cursor.serial(),
                        cursor.x() - output.x(),
                        cursor.y() - output.y(),
                        cursor.hotX(),
                        cursor.hotY(),
                        cursor.width(),
                        cursor.height(),
                        cursor.argb());
    }

    @Override
    public List<String> displays() {
        List<String> outputs = screen.outputs();
        return outputs.size() < 2
                ? List.of()
                : Stream.concat(Stream.of(""), outputs.stream())
                        .map(output -> new DisplayName(display, output).toString())
                        .toList();
    }

    @Override
    public void close() {
        closed = true;
        if (grabbing.isHeldByCurrentThread()) {
            return; // a sink that closes the session: the running grab does the rest
        }
        grabbing.lock();
        try {
            giveBack();
        } finally {
            grabbing.unlock();
        }
    }

    /** Under the lock. */
    private void giveBack() {
        if (!gaveBack) {
            gaveBack = true;
            driver.call(() -> {
                screen.close();
                return true;
            });
            driver.close();
            pointer.close();
        }
    }
}
