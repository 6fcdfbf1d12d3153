// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.media.AccessUnit;
import io.nvremote.stream.StreamError;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import io.nvremote.stream.StreamPorts;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.transport.Transport;
import io.nvremote.transport.VideoReceiver;
import io.nvremote.transport.VideoSpec;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.viewer.ControlLink;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.InputSender;
import io.nvremote.viewer.LatencyStage;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.VideoFeed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Video and control of one session over an open tunnel. Units arrive on a transport thread and go on to the view on it;
 * everything else may be called from any thread.
 */
final class LiveStream implements VideoFeed, InputSender, HostFacts, ControlLink, AutoCloseable {

    private final Clock clock;
    private final StreamView view;
    private final LatencyTrace trace = new LatencyTrace();
    private final CountDownLatch firstUnit = new CountDownLatch(1);
    private final AtomicReference<StreamMessage.@Nullable StreamInfo> info = new AtomicReference<>();
    private final AtomicReference<StreamMessage.@Nullable Stats> hostStats = new AtomicReference<>();
    private final AtomicReference<@Nullable String> bye = new AtomicReference<>();
    private volatile StreamMessage.Trouble trouble = StreamMessage.Trouble.NONE;
    private final CursorAssembly cursors = new CursorAssembly();
    private final AtomicLong heardNanos;
    private final AtomicLong roundTripNanos = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong decoded = new AtomicLong();
    private final AtomicLong undecodable = new AtomicLong();
    private StreamMessage.Decoded reported = new StreamMessage.Decoded(0, 0);
    private final TunnelPort videoPort;
    private final TunnelPort controlPort;
    private final VideoReceiver receiver;
    private final ControlChannel control;

    LiveStream(Tunnel tunnel, Transport transport, Clock clock, StreamView view) {
        this.clock = clock;
        this.view = view;
        this.heardNanos = new AtomicLong(clock.nanos());
        // The receiver exists before its port, so the port hands over through a reference that is filled in between.
        AtomicReference<@Nullable VideoReceiver> video = new AtomicReference<>();
        AtomicReference<@Nullable ControlChannel> messages = new AtomicReference<>();
        this.videoPort = tunnel.bind(StreamPorts.VIDEO, (port, datagram) -> {
            VideoReceiver to = video.get();
            if (to != null && port == StreamPorts.VIDEO) {
                to.receive(datagram);
            }
        });
        this.controlPort = tunnel.bind(StreamPorts.CONTROL, (port, datagram) -> {
            ControlChannel to = messages.get();
            if (to != null && port == StreamPorts.CONTROL) {
                to.receive(datagram);
            }
        });
        VideoSpec spec = new VideoSpec(
                StreamPorts.VIDEO_SSRC, videoPort.maxDatagramBytes(), new FrameRate(60), Bitrate.ofMegabits(20));
        this.receiver = transport.receiveVideo(spec, d -> videoPort.send(StreamPorts.VIDEO, d), this::unit);
        this.control = transport.control(d -> controlPort.send(StreamPorts.CONTROL, d), this::message);
        video.set(receiver);
        messages.set(control);
        send(new StreamMessage.Hello(view.decoders()));
    }

    /** Says hello until the first picture came, at most {@code millis}. */
    boolean awaitPicture(long millis) throws InterruptedException {
        long end = clock.nanos() + millis * 1_000_000;
        ping();
        receiver.requestKeyFrame();
        while (clock.nanos() - end < 0 && bye.get() == null) {
            if (firstUnit.await(250, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                return true;
            }
            receiver.requestKeyFrame();
        }
        return firstUnit.getCount() == 0;
    }

    @Override
    public void ping() {
        send(new StreamMessage.Ping(clock.nanos()));
    }

    @Override
    public void decoded() {
        decoded.incrementAndGet();
    }

    @Override
    public void undecodable() {
        undecodable.incrementAndGet();
    }

    /** Tells the host what became of its pictures, if that changed since it was last told. For one thread. */
    void report() {
        StreamMessage.Decoded now = new StreamMessage.Decoded(decoded.get(), undecodable.get());
        if (!now.equals(reported)) {
            reported = now;
            send(now);
        }
    }

    @Override
    public void send(InputEvent event) {
        send(new StreamMessage.Input(event));
    }

    @Override
    public void requestKeyFrame() {
        receiver.requestKeyFrame();
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
    public StreamMessage.@Nullable StreamInfo info() {
        return info.get();
    }

    @Override
    public StreamMessage.@Nullable Stats stats() {
        return hostStats.get();
    }

    @Override
    public StreamMessage.Trouble trouble() {
        return trouble;
    }

    /** Why the host left; null while it has not. */
    @Nullable
    String bye() {
        return bye.get();
    }

    @Override
    public Duration silence() {
        return Duration.ofNanos(clock.nanos() - heardNanos.get());
    }

    @Override
    public Duration roundTrip() {
        return Duration.ofNanos(roundTripNanos.get());
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

    private void unit(AccessUnit unit) {
        long now = clock.nanos();
        heardNanos.set(now);
        trace.received(unit.sequence(), unit.stamps(), receiver.hostClockOffsetNanos(), now);
        view.unit(unit);
        firstUnit.countDown();
    }

    private void message(ByteBuffer bytes) {
        heardNanos.set(clock.nanos());
        @Nullable StreamMessage message;
        try {
            message = StreamMessages.read(bytes);
        } catch (StreamException e) {
            if (e.code() != StreamError.BAD_MESSAGE) {
                throw e;
            }
            malformed.incrementAndGet();
            return;
        }
        switch (message) {
            case StreamMessage.StreamInfo facts -> info.set(facts);
            case StreamMessage.Stats figures -> hostStats.set(figures);
            case StreamMessage.Ping ping -> send(new StreamMessage.Pong(ping.nanos(), clock.nanos()));
            case StreamMessage.Pong pong -> roundTripNanos.set(clock.nanos() - pong.nanos());
            case StreamMessage.Bye left -> bye.set(left.reason());
            case StreamMessage.Trouble what -> trouble = what;
            case StreamMessage.CursorRows rows -> message = cursors.add(rows);
            case null, default -> {}
        }
        if (message != null) {
            view.message(message);
        }
    }

    private void send(StreamMessage message) {
        control.send(StreamMessages.write(message));
    }

    /** Says goodbye and gives the ports back; the tunnel stays the owner's. Idempotent. */
    @Override
    public void close() {
        send(new StreamMessage.Input(new InputEvent.ReleaseAll()));
        send(new StreamMessage.Bye("the client disconnected"));
        control.close();
        receiver.close();
        controlPort.close();
        videoPort.close();
        view.ended();
    }
}
