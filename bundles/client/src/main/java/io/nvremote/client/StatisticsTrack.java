// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the host says of its stream: what it is, how it goes, what is wrong. The last word of each stands. */
final class StatisticsTrack implements ViewerTrack, HostFacts {

    private final TrackContext context;
    private final AtomicLong reports = new AtomicLong();
    private volatile StreamMessage.@Nullable StreamInfo info;
    private volatile StreamMessage.@Nullable Stats stats;
    private volatile StreamMessage.Trouble trouble = StreamMessage.Trouble.NONE;

    StatisticsTrack(TrackContext context) {
        this.context = context;
    }

    @Override
    public void start() {}

    @Override
    public void message(StreamMessage message) {
        switch (message) {
            case StreamMessage.StreamInfo now -> {
                info = now;
                context.view().message(now);
            }
            case StreamMessage.Trouble now -> {
                trouble = now;
                context.view().message(now);
            }
            case StreamMessage.Stats now -> {
                stats = now;
                reports.incrementAndGet();
            }
            default -> {}
        }
    }

    @Override
    public StreamMessage.@Nullable StreamInfo info() {
        return info;
    }

    @Override
    public StreamMessage.@Nullable Stats stats() {
        return stats;
    }

    @Override
    public StreamMessage.Trouble trouble() {
        return trouble;
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("reports_received", reports.get());
    }

    @Override
    public void close() {}
}
