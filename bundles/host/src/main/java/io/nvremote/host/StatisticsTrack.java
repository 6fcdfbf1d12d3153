// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.lib.process.ProcessMetrics;
import io.nvremote.stream.StreamMessage;
import io.nvremote.track.Track;
import io.nvremote.track.TrackReport;
import io.nvremote.track.TrackSession;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the client is told once a second: what the video track counted, and what this process cost. Safe for any thread. */
final class StatisticsTrack implements Track {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final TrackSession session;
    private final Clock clock = Clock.system();
    private final AtomicLong told = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    StatisticsTrack(TrackSession session) {
        this.session = session;
        this.thread = Thread.ofVirtual().name("statistics-" + session.id()).unstarted(this::tell);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void tell() {
        while (!closed) {
            clock.sleep(INTERVAL);
            if (!closed && session.peerIsHere()) {
                session.say(stats(session.counters(VideoTrackFactory.NAMED), ProcessMetrics.now()));
                told.incrementAndGet();
            }
        }
    }

    private static StreamMessage.Stats stats(Map<String, Long> video, ProcessMetrics process) {
        return new StreamMessage.Stats(
                video.getOrDefault(VideoMetrics.CAPTURED, 0L),
                video.getOrDefault(VideoMetrics.ENCODED, 0L),
                video.getOrDefault(VideoMetrics.SENT, 0L),
                video.getOrDefault(VideoMetrics.DROPPED, 0L),
                video.getOrDefault(VideoMetrics.BYTES, 0L),
                video.getOrDefault(VideoMetrics.KEY_FRAMES, 0L),
                video.getOrDefault(VideoMetrics.SWAPS, 0L),
                video.getOrDefault(VideoMetrics.ENCODER_FAILURES, 0L),
                process.cpuNanos(),
                process.residentBytes());
    }

    @Override
    public void report(TrackReport to) {
        to.counter("statistics_messages", told.get());
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
