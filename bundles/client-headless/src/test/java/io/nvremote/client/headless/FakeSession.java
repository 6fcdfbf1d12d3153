// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import io.nvremote.stream.StreamMessage;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.InputSender;
import io.nvremote.viewer.LatencyStage;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.ViewerSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A session that plays empty units at thirty a second, the first of ten a key frame; or one that failed. */
final class FakeSession implements ViewerSession, VideoFeed, InputSender, HostFacts {

    private final List<InputEvent> inputs;
    private final @Nullable StreamException failure;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong units = new AtomicLong();
    private final AtomicLong shown = new AtomicLong();
    final AtomicLong undecodable = new AtomicLong();
    private volatile @Nullable String reason;

    FakeSession(StreamView view, Codec codec, List<InputEvent> inputs, @Nullable StreamException failure, Clock clock) {
        this.inputs = inputs;
        this.failure = failure;
        Thread.ofPlatform().daemon().name("fake-session").start(() -> {
            for (long sequence = 0; !over.get() && failure == null; sequence++) {
                ByteBuffer data = ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 9, 16});
                view.unit(new AccessUnit(codec, data, sequence % 10 == 0, sequence, new StageStamps(1, 2, 3, 4, 5)));
                units.incrementAndGet();
                clock.sleep(Duration.ofMillis(33));
            }
            view.ended();
        });
    }

    void end(String why) {
        reason = why;
        over.set(true);
    }

    @Override
    public HostEntry host() {
        return FakeViewer.HOST;
    }

    @Override
    public Phase phase() {
        return failure != null ? Phase.FAILED : over.get() ? Phase.ENDED : Phase.STREAMING;
    }

    @Override
    public List<StepTime> steps() {
        return Stream.of(Step.values())
                .map(step -> new StepTime(step, StepState.DONE, 1))
                .toList();
    }

    @Override
    public @Nullable String reason() {
        return reason;
    }

    @Override
    public @Nullable StreamException error() {
        return failure;
    }

    @Override
    public Duration streamed() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Duration givesUpIn() {
        return Duration.ZERO;
    }

    @Override
    public TunnelPath path() {
        return new TunnelPath(TunnelPath.Kind.RELAY, new InetSocketAddress(InetAddress.getLoopbackAddress(), 51820));
    }

    @Override
    public long pathChanges() {
        return 1;
    }

    @Override
    public Map<String, Map<String, Long>> counters() {
        return Map.of("video", Map.of("units_received", units.get()));
    }

    @Override
    public <P> Optional<P> part(Class<P> kind) {
        return failure == null && kind.isInstance(this) ? Optional.of(kind.cast(this)) : Optional.empty();
    }

    @Override
    public void requestKeyFrame() {}

    @Override
    public void decoded() {}

    @Override
    public void undecodable() {
        undecodable.incrementAndGet();
    }

    @Override
    public void shown(long sequence, long decodeNanos, long showNanos) {
        shown.incrementAndGet();
    }

    @Override
    public long shownCount() {
        return shown.get();
    }

    @Override
    public ReceiverStats received() {
        return new ReceiverStats(units.get(), units.get() * 10, units.get() * 600, 3, 2, 0, 0, 0, 0);
    }

    @Override
    public long hostClockOffsetNanos() {
        return 0;
    }

    @Override
    public Latency latency(LatencyStage stage, int newest) {
        return stage == LatencyStage.CAPTURE ? new Latency(Double.NaN, Double.NaN, Double.NaN) : new Latency(4, 5, 6);
    }

    @Override
    public Map<LatencyStage, Double> meanMillis() {
        return Map.of();
    }

    @Override
    public void send(InputEvent event) {
        inputs.add(event);
    }

    @Override
    public StreamMessage.StreamInfo info() {
        return new StreamMessage.StreamInfo("h264", 640, 360, 30, "testcard", "encode.software", "1.0");
    }

    @Override
    public StreamMessage.Stats stats() {
        return new StreamMessage.Stats(10, 10, 10, 0, 100, 1, 0, 0, 1_000_000, 200_000_000);
    }

    @Override
    public StreamMessage.Trouble trouble() {
        return StreamMessage.Trouble.NONE;
    }
}
