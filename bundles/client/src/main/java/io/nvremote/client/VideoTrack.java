// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.media.AccessUnit;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamPorts;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoReceiver;
import io.nvremote.transport.VideoSpec;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.viewer.LatencyStage;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.ViewerTrack;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pictures of one session. Units arrive on a transport thread and go on to the view on it. */
final class VideoTrack implements ViewerTrack, VideoFeed {

    private final TrackContext context;
    private final Clock clock;
    private final LatencyTrace trace = new LatencyTrace();
    private final AtomicLong decoded = new AtomicLong();
    private final AtomicLong undecodable = new AtomicLong();
    private StreamMessage.Decoded reported = new StreamMessage.Decoded(0, 0);
    private final TunnelPort port;
    private final VideoReceiver receiver;
    private final Consumer<VideoTrack> onClose;
    private volatile boolean came;

    /** @param onClose told before it is closed */
    VideoTrack(TrackContext context, Transport transport, Clock clock, Consumer<VideoTrack> onClose) {
        this.onClose = onClose;
        this.context = context;
        this.clock = clock;
        // The receiver exists after its port, which hands over nothing before the start.
        @Nullable VideoReceiver[] made = new VideoReceiver[1];
        port = context.bind(StreamPorts.VIDEO, (from, datagram) -> {
            VideoReceiver to = made[0];
            if (to != null && from == StreamPorts.VIDEO) {
                to.receive(datagram);
            }
        });
        VideoSpec spec = new VideoSpec(
                StreamPorts.VIDEO_SSRC, port.maxDatagramBytes(), new FrameRate(60), Bitrate.ofMegabits(20));
        receiver = transport.receiveVideo(spec, d -> port.send(StreamPorts.VIDEO, d), this::unit);
        made[0] = receiver;
    }

    @Override
    public void start() {
        receiver.requestKeyFrame();
    }

    /** The first picture came. */
    @Override
    public boolean ready() {
        return came;
    }

    /** Tells the host what became of its pictures, if that changed since it was last told. */
    @Override
    public void tick() {
        if (!came) {
            receiver.requestKeyFrame();
        }
        StreamMessage.Decoded now = new StreamMessage.Decoded(decoded.get(), undecodable.get());
        if (!now.equals(reported)) {
            reported = now;
            context.say(now);
        }
    }

    private void unit(AccessUnit unit) {
        context.heard();
        trace.received(unit.sequence(), unit.stamps(), receiver.hostClockOffsetNanos(), clock.nanos());
        context.view().unit(unit);
        came = true;
    }

    @Override
    public void requestKeyFrame() {
        receiver.requestKeyFrame();
    }

    @Override
    public void decoded() {
        decoded.incrementAndGet();
    }

    @Override
    public void undecodable() {
        undecodable.incrementAndGet();
    }

    @Override
    public void shown(long sequence, long decodeNanos, long showNanos) {
        trace.shown(sequence, decodeNanos, showNanos);
    }

    @Override
    public long shownCount() {
        return trace.shownCount();
    }

    @Override
    public ReceiverStats received() {
        return receiver.stats();
    }

    @Override
    public long hostClockOffsetNanos() {
        return receiver.hostClockOffsetNanos();
    }

    @Override
    public Latency latency(LatencyStage stage, int newest) {
        Samples samples = trace.stage(stage);
        return new Latency(
                samples.percentileMillis(0.50, newest),
                samples.percentileMillis(0.95, newest),
                samples.percentileMillis(0.99, newest));
    }

    @Override
    public Map<LatencyStage, Double> meanMillis() {
        return trace.meanMillis();
    }

    @Override
    public Map<String, Long> counters() {
        ReceiverStats stats = receiver.stats();
        return Map.of(
                "units_received", stats.units(),
                "bytes_received", stats.bytes(),
                "packets_lost", stats.lost(),
                "packets_repaired", stats.repaired(),
                "units_dropped", stats.unitsDropped(),
                "pictures_shown", trace.shownCount(),
                "pictures_decoded", decoded.get(),
                "units_undecodable", undecodable.get());
    }

    @Override
    public void close() {
        onClose.accept(this);
        receiver.close();
        port.close();
    }
}
