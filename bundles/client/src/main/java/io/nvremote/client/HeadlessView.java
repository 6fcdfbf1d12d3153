// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.stream.StreamMessage;
import java.nio.ByteBuffer;
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
    /** What a decoder in software takes. */
    private static final Size LARGEST = new Size(16384, 16384);

    private static final int BUFFER_STEP = 64 * 1024;

    private record Held(
            ByteBuffer data, Codec codec, boolean keyFrame, long sequence, StageStamps stamps, long nanos) {}

    private final Decoder decoder;
    private final Codec first = Codec.H264;
    private final PictureCheck check;
    private final Clock clock;
    private final Supplier<@Nullable LiveStream> stream;
    private final ArrayBlockingQueue<Held> queue = new ArrayBlockingQueue<>(QUEUED);
    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong undecodable = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;
    private boolean waitsForKey = true;
    private long decodedNanos;

    HeadlessView(Decoder decoder, PictureCheck check, Clock clock, Supplier<@Nullable LiveStream> stream) {
        this.decoder = decoder;
        this.check = check;
        this.clock = clock;
        this.stream = stream;
        this.thread = Thread.ofPlatform().name("client-decode").daemon().unstarted(this::decode);
    }

    HeadlessView start() {
        thread.start();
        return this;
    }

    @Override
    public List<DecoderCapability> decoders() {
        return List.of(new DecoderCapability(first, LARGEST, false));
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
        Codec codec = first;
        DecoderSession session = null;
        try {
            // While the tunnel comes up: what loading the codec's library takes is no latency of a picture.
            session = decoder.open(codec, this::shown);
            while (!closed) {
                Held held = queue.poll(100, TimeUnit.MILLISECONDS);
                if (held == null) {
                    continue;
                }
                if (!held.codec().equals(codec)) {
                    session.close();
                    codec = held.codec();
                    session = decoder.open(codec, this::shown);
                }
                decodedNanos = 0;
                DecoderSession.Decoded decoded = session.decode(
                        new AccessUnit(held.codec(), held.data(), held.keyFrame(), held.sequence(), held.stamps()));
                settle(held, decoded);
                free.add(held.data());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (session != null) {
                session.close();
            }
        }
    }

    private void settle(Held held, DecoderSession.Decoded decoded) {
        LiveStream live = stream.get();
        if (decoded == DecoderSession.Decoded.NEED_KEY_FRAME) {
            undecodable.incrementAndGet();
            if (live != null) {
                live.undecodable();
            }
            keyFrame();
        } else if (live != null && decodedNanos != 0) {
            live.decoded();
            live.trace().shown(held.sequence(), decodedNanos - held.nanos(), clock.nanos() - decodedNanos);
        }
    }

    /** Reading the whole picture back stands for showing it. */
    private void shown(Frame frame) {
        decodedNanos = clock.nanos();
        check.picture(frame);
    }

    private void keyFrame() {
        LiveStream live = stream.get();
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
