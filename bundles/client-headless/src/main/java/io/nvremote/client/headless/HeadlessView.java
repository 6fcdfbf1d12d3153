// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Frame;
import io.nvremote.media.StageStamps;
import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.VideoFeed;
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
final class HeadlessView implements StreamView, AutoCloseable {

    private static final int QUEUED = 8;
    private static final int BUFFER_STEP = 64 * 1024;

    private record Held(
            ByteBuffer data, Codec codec, boolean keyFrame, long sequence, StageStamps stamps, long nanos) {}

    private final RankedServices<Decoder> decoders;
    private final PictureCheck check;
    private final Clock clock;
    private final Supplier<@Nullable VideoFeed> feed;
    private final ArrayBlockingQueue<Held> queue = new ArrayBlockingQueue<>(QUEUED);
    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong undecodable = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;
    private boolean waitsForKey = true;
    private long decodedNanos;

    HeadlessView(
            RankedServices<Decoder> decoders, PictureCheck check, Clock clock, Supplier<@Nullable VideoFeed> feed) {
        this.decoders = decoders;
        this.check = check;
        this.clock = clock;
        this.feed = feed;
        this.thread = Thread.ofPlatform().name("client-decode").daemon().unstarted(this::decode);
    }

    HeadlessView start() {
        thread.start();
        return this;
    }

    /** What can be decoded here, of each codec by its best decoder; best first. */
    @Override
    public List<DecoderCapability> decoders() {
        List<DecoderCapability> found = new ArrayList<>();
        for (ServiceCandidate<Decoder> candidate : decoders.all()) {
            for (DecoderCapability one : candidate.service().capabilities()) {
                if (found.stream().noneMatch(other -> other.codec().equals(one.codec()))) {
                    found.add(one);
                }
            }
        }
        return found;
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

    private void decode() {
        try (OpenDecoder open = new OpenDecoder(decoders, this::shown)) {
            // While the tunnel comes up: what loading the codec's library takes is no latency of a picture.
            decoders().stream().findFirst().ifPresent(first -> open.ready(first.codec()));
            while (!closed) {
                Held held = queue.poll(100, TimeUnit.MILLISECONDS);
                if (held == null) {
                    continue;
                }
                decodedNanos = 0;
                DecoderSession.Decoded decoded = open.decode(
                        new AccessUnit(held.codec(), held.data(), held.keyFrame(), held.sequence(), held.stamps()));
                settle(held, decoded);
                if (open.wantsKeyFrame()) {
                    keyFrame();
                }
                free.add(held.data());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void settle(Held held, DecoderSession.Decoded decoded) {
        VideoFeed live = feed.get();
        if (decoded == DecoderSession.Decoded.NEED_KEY_FRAME) {
            undecodable.incrementAndGet();
            if (live != null) {
                live.undecodable();
            }
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

    private void keyFrame() {
        VideoFeed live = feed.get();
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
    }
}
