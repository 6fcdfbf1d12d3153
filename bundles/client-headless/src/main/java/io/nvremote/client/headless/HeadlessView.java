// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.decode.Decoder;
import io.nvremote.lib.plugins.PluginUser;
import io.nvremote.lib.services.PluginCalls;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.ViewerSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and checks instead of showing. Units are copied on the receiving thread and decoded on one thread of its own;
 * when that falls behind, units are dropped up to the next key frame and counted.
 */
final class HeadlessView implements StreamView, PluginUser, AutoCloseable {

    /** A second of a fast stream: the first call into another decoder loads its library. */
    private static final int QUEUED = 60;

    private static final int BUFFER_STEP = 64 * 1024;

    private record Held(
            ByteBuffer data, Codec codec, boolean keyFrame, long sequence, StageStamps stamps, long nanos) {}

    private final DecodeParts parts;
    private final PictureCheck check;
    private final String display;
    private final Clock clock;
    private final Supplier<@Nullable ViewerSession> session;
    private final DecodeFigures figures = new DecodeFigures();
    private final PluginCalls asking;
    private final ArrayBlockingQueue<Held> queue = new ArrayBlockingQueue<>(QUEUED);
    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong undecodable = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable DecodeStage stage;
    private boolean waitsForKey = true;
    private volatile long decodedNanos;

    HeadlessView(
            DecodeParts parts,
            PictureCheck check,
            String display,
            Clock clock,
            Supplier<@Nullable ViewerSession> session) {
        this.display = display;
        this.parts = parts;
        this.check = check;
        this.clock = clock;
        this.session = session;
        this.asking = new PluginCalls("client-decoder-asked", parts.limits().open());
        this.thread = Thread.ofPlatform().name("client-decode").daemon().unstarted(this::decode);
    }

    @Override
    public String display() {
        return display;
    }

    HeadlessView start() {
        parts.views().add(this);
        thread.start();
        return this;
    }

    /** What can be decoded here, of each codec by its best decoder; best first. */
    @Override
    public List<DecoderCapability> decoders() {
        List<DecoderCapability> found = new ArrayList<>();
        for (ServiceCandidate<Decoder> candidate : parts.decoders().all()) {
            for (DecoderCapability one : capabilities(candidate)) {
                if (found.stream().noneMatch(other -> other.codec().equals(one.codec()))) {
                    found.add(one);
                }
            }
        }
        return found;
    }

    private List<DecoderCapability> capabilities(ServiceCandidate<Decoder> candidate) {
        try {
            return asking.make(() -> List.copyOf(candidate.service().capabilities()));
        } catch (PluginFault e) {
            if (parts.decoders().holds(candidate)) {
                figures.failed();
                parts.observer().failed(candidate, "could not say what it decodes: " + e.getMessage());
            }
            return List.of();
        }
    }

    @Override
    public void unit(AccessUnit unit) {
        if (waitsForKey && !unit.keyFrame()) {
            dropped.incrementAndGet();
            keyFrame();
            return;
        }
        ByteBuffer copy = buffer(unit.data().remaining());
        copy.put(unit.data().duplicate()).flip();
        Held held = new Held(copy, unit.codec(), unit.keyFrame(), unit.sequence(), unit.stamps(), clock.nanos());
        waitsForKey = !queue.offer(held);
        if (waitsForKey) {
            dropped.incrementAndGet();
            free.add(copy);
            keyFrame();
        }
    }

    @Override
    public void message(StreamMessage message) {
        // Facts and figures are kept by the stream; nothing is drawn here.
    }

    @Override
    public void ended() {
        closed = true;
    }

    long dropped() {
        return dropped.get();
    }

    long undecodable() {
        return undecodable.get();
    }

    DecodeFigures figures() {
        return figures;
    }

    /** Name and version of the decoder in use; empty while there is none. */
    String decoder() {
        DecodeStage open = stage;
        ServiceCandidate<Decoder> used = open == null ? null : open.inUse();
        return used == null ? "" : used.toString();
    }

    @Override
    public boolean uses(long serviceId) {
        DecodeStage open = stage;
        return open != null && open.uses(serviceId);
    }

    private void decode() {
        try (DecodeStage open = new DecodeStage(parts, this::shown, this::told, figures)) {
            stage = open;
            // While the tunnel comes up: what loading the codec's library takes is no latency of a picture.
            decoders().stream().findFirst().ifPresent(first -> open.prepare(first.codec()));
            while (!closed) {
                Held held = queue.poll(100, TimeUnit.MILLISECONDS);
                if (held == null) {
                    open.settle();
                } else {
                    decode(open, held);
                }
                if (open.wantsKeyFrame()) {
                    keyFrame();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void decode(DecodeStage open, Held held) {
        decodedNanos = 0;
        DecodeStage.Outcome outcome =
                open.decode(new AccessUnit(held.codec(), held.data(), held.keyFrame(), held.sequence(), held.stamps()));
        settle(held, outcome);
        if (!open.isLent()) {
            free.add(held.data());
        }
    }

    /** Of the host's encoder is told only what it made: not what a decoder of ours did wrong. */
    private void settle(Held held, DecodeStage.Outcome outcome) {
        VideoFeed live = feed();
        if (outcome == DecodeStage.Outcome.UNDECODABLE) {
            undecodable.incrementAndGet();
            if (live != null) {
                live.undecodable();
            }
            keyFrame();
        } else if (outcome == DecodeStage.Outcome.PASSED_OVER) {
            dropped.incrementAndGet();
            keyFrame();
        } else if (live != null && decodedNanos != 0) {
            live.decoded();
            live.shown(held.sequence(), decodedNanos - held.nanos(), clock.nanos() - decodedNanos);
        }
    }

    /** Reading the whole picture back stands for showing it. */
    private void shown(Frame frame) {
        decodedNanos = clock.nanos();
        check.picture(frame);
    }

    private @Nullable VideoFeed feed() {
        ViewerSession live = session.get();
        return live == null ? null : live.part(VideoFeed.class).orElse(null);
    }

    /** The size of the pictures, as the host says it. */
    private @Nullable Size told() {
        ViewerSession live = session.get();
        StreamMessage.StreamInfo info = live == null
                ? null
                : live.part(HostFacts.class).map(HostFacts::info).orElse(null);
        return info == null || !Size.valid(info.width(), info.height()) ? null : new Size(info.width(), info.height());
    }

    private void keyFrame() {
        VideoFeed live = feed();
        if (live != null) {
            live.requestKeyFrame();
        }
    }

    private ByteBuffer buffer(int bytes) {
        ByteBuffer pooled = free.poll();
        if (pooled != null && pooled.capacity() >= bytes) {
            return pooled.clear();
        }
        return ByteBuffer.allocateDirect((bytes / BUFFER_STEP + 1) * BUFFER_STEP);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        parts.views().remove(this);
    }
}
