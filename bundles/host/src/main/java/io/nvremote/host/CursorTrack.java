// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.Cursor;
import io.nvremote.core.Clock;
import io.nvremote.stream.StreamMessage;
import io.nvremote.track.Track;
import io.nvremote.track.TrackReport;
import io.nvremote.track.TrackSession;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The pointer of the screen shown, beside the pictures and at their rate. Safe for any thread; asks the source on a thread of its own,
 * since its code may take its time.
 */
final class CursorTrack implements Track {

    private final TrackSession session;
    private final Duration interval;
    private final Clock clock = Clock.system();
    private final AtomicLong told = new AtomicLong();
    private final AtomicBoolean anew = new AtomicBoolean();
    private final Thread thread;
    private volatile Screen screen = Screen.DARK;
    private volatile boolean closed;

    CursorTrack(TrackSession session, StreamPlan plan) {
        this.session = session;
        this.interval = Duration.ofNanos(Math.max(5_000_000L, plan.rate().intervalNanos()));
        this.thread =
                Thread.ofPlatform().daemon().name("cursor-" + session.id()).unstarted(this::follow);
        session.hear(Screen.class, now -> screen = now);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void peerHere() {
        anew.set(true);
    }

    private void follow() {
        CursorFeed feed = new CursorFeed();
        while (!closed) {
            clock.sleep(interval);
            if (closed || !session.peerIsHere()) {
                continue;
            }
            if (anew.getAndSet(false)) {
                feed.forget();
            }
            @Nullable Cursor cursor = screen.pointer().get();
            if (cursor != null) {
                feed.take(cursor, this::say);
            }
        }
    }

    private void say(StreamMessage message) {
        session.say(message);
        told.incrementAndGet();
    }

    @Override
    public void report(TrackReport to) {
        to.counter("cursor_messages", told.get());
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
