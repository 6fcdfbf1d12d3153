// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import io.nvremote.media.StageStamps;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream. What others ask of it, another rate or to do without lost pictures, is done with the next picture. */
final class NvencSession implements EncoderSession {

    private static final Logger LOG = LoggerFactory.getLogger(NvencSession.class);
    private static final Bitrate LEAST = new Bitrate(100_000);
    private static final Bitrate MOST = Bitrate.ofMegabits(240);

    /** Units that are lost, from the first to the last of these sequences. */
    private record Loss(long first, long last) {

        static Loss with(@Nullable Loss before, Loss more) {
            return before == null
                    ? more
                    : new Loss(Math.min(before.first, more.first), Math.max(before.last, more.last));
        }
    }

    private final EncodeSpec spec;
    private final AccessUnitSink sink;
    private final Clock clock;
    private final Consumer<NvencSession> ended;
    private final ReentrantLock running = new ReentrantLock();
    private final boolean retargets;
    private final AtomicReference<@Nullable Loss> lost = new AtomicReference<>();
    private volatile Bitrate wanted;
    private volatile boolean closed;
    private @Nullable NvencCoder coder;
    private Bitrate inForce;

    /** {@code coder} is this session's from here on, and was opened for the spec's rate as it is {@link #clamped}. */
    NvencSession(EncodeSpec spec, AccessUnitSink sink, NvencCoder coder, Clock clock, Consumer<NvencSession> ended) {
        this.spec = spec;
        this.sink = sink;
        this.coder = coder;
        retargets = coder.retargets();
        this.clock = clock;
        this.ended = ended;
        wanted = clamped(spec.bitrate());
        inForce = wanted;
    }

    static Bitrate clamped(Bitrate rate) {
        return new Bitrate(Math.clamp(rate.bitsPerSecond(), LEAST.bitsPerSecond(), MOST.bitsPerSecond()));
    }

    @Override
    public void encode(Frame frame, boolean forceKeyFrame) {
        running.lock();
        try {
            NvencCoder current = coder;
            if (closed || current == null) {
                throw new StreamException(EncodeError.DEVICE_LOST, "the encoder session is closed");
            }
            if (!frame.size().equals(spec.size())) {
                throw new StreamException(
                        EncodeError.FRAME_REFUSED, "the stream's pictures are " + spec.size() + ": " + frame.size());
            }
            encode(current, frame, forceKeyFrame);
        } finally {
            if (closed) {
                release();
            }
            running.unlock();
        }
    }

    private void encode(NvencCoder current, Frame frame, boolean forceKeyFrame) {
        current.load(frame);
        StageStamps stamps = frame.stamps().converted(clock.nanos());
        follow(current);
        boolean keyFrame = current.encode(forceKeyFrame, frame.sequence());
        stamps = stamps.encoded(clock.nanos());
        try {
            sink.accept(new AccessUnit(spec.codec(), current.unit(), keyFrame, frame.sequence(), stamps));
        } finally {
            current.releaseUnit();
        }
    }

    private void follow(NvencCoder current) {
        Bitrate target = wanted;
        if (!target.equals(inForce)) {
            if (current.retarget(target)) {
                inForce = target;
            } else {
                LOG.atWarn().addKeyValue("bitrate", target.toString()).log("NVENC keeps its rate, it refuses another");
                wanted = inForce;
            }
        }
        Loss since = lost.getAndSet(null);
        if (since != null) {
            current.lost(since.first(), since.last());
        }
    }

    @Override
    public Bitrate retarget(Bitrate target) {
        if (retargets) {
            wanted = clamped(target);
        }
        return wanted;
    }

    @Override
    public void lost(long firstSequence, long lastSequence) {
        lost.accumulateAndGet(new Loss(firstSequence, lastSequence), Loss::with);
    }

    @Override
    public void close() {
        closed = true;
        boolean insideEncode = running.isHeldByCurrentThread();
        if (!insideEncode) {
            running.lock();
            try {
                release();
            } finally {
                running.unlock();
            }
        }
    }

    /** Under the lock, and never while a unit is lent: a sink that closes the session leaves this to {@link #encode}. */
    private void release() {
        NvencCoder last = coder;
        coder = null;
        if (last != null) {
            try {
                last.close();
            } finally {
                ended.accept(this);
            }
        }
    }
}
