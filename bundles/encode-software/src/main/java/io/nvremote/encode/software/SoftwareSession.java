// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream. A changed rate is told to the coder; for one that keeps its rate while it runs a second one is opened, and the
 * stream cuts over to it at a key frame.
 */
final class SoftwareSession implements EncoderSession {

    private static final Logger LOG = LoggerFactory.getLogger(SoftwareSession.class);
    private static final Bitrate LEAST = new Bitrate(100_000);
    private static final Bitrate MOST = Bitrate.ofMegabits(240);
    /** A cut costs a key frame: a rate nearer than one part in this many to the one in force is not worth it. */
    private static final int NEAR_PARTS = 8;

    private final EncodeSpec spec;
    private final AccessUnitSink sink;
    private final Function<Bitrate, Coder> coders;
    private final Clock clock;
    private final Consumer<SoftwareSession> ended;
    private final ReentrantLock running = new ReentrantLock();
    private volatile Bitrate wanted;
    private volatile boolean closed;
    private volatile boolean retargets;
    private @Nullable Coder coder;
    private Bitrate inForce;
    /** How often the latest picture was coded again; of the encoding thread. */
    private int refinements;

    /** {@code coders} opens one for the spec's pictures at a rate. */
    SoftwareSession(
            EncodeSpec spec,
            AccessUnitSink sink,
            Function<Bitrate, Coder> coders,
            Clock clock,
            Consumer<SoftwareSession> ended) {
        this.spec = spec;
        this.sink = sink;
        this.coders = coders;
        this.clock = clock;
        this.ended = ended;
        wanted = clamped(spec.bitrate());
        inForce = wanted;
    }

    void start() {
        Coder first = coders.apply(inForce);
        retargets = first.retargets();
        coder = first;
    }

    @Override
    public void encode(Frame frame, boolean forceKeyFrame) {
        refinements = 0;
        encode(frame, forceKeyFrame, false);
    }

    @Override
    public boolean refine(Frame frame) {
        return encode(frame, false, true);
    }

    private boolean encode(Frame frame, boolean forceKeyFrame, boolean sharper) {
        running.lock();
        try {
            if (closed) {
                throw new StreamException(EncodeError.DEVICE_LOST, "the encoder session is closed");
            }
            return encodeOpen(frame, forceKeyFrame, sharper);
        } finally {
            if (closed) {
                release();
            }
            running.unlock();
        }
    }

    private boolean encodeOpen(Frame frame, boolean forceKeyFrame, boolean sharper) {
        Size size = frame.size();
        if (!size.equals(spec.size())) {
            throw new StreamException(
                    EncodeError.FRAME_REFUSED, "the stream's pictures are " + spec.size() + ": " + size);
        }
        Coder current = current();
        current.load(frame);
        boolean more = sharper && current.sharpen(refinements++);
        StageStamps stamps = frame.stamps().converted(clock.nanos());
        boolean keyFrame = current.encode(forceKeyFrame);
        stamps = stamps.encoded(clock.nanos());
        try {
            sink.accept(new AccessUnit(spec.codec(), current.unit(), keyFrame, frame.sequence(), stamps));
        } finally {
            current.releaseUnit();
        }
        return more;
    }

    /** The coder, at the rate wanted now. If it needs another for that and none can be opened, it goes on as it is. */
    private Coder current() {
        Coder current = coder;
        if (current == null) {
            throw new StreamException(EncodeError.DEVICE_LOST, "the encoder session is closed");
        }
        Bitrate target = wanted;
        if (target.equals(inForce)) {
            return current;
        }
        if (current.retargets()) {
            current.retarget(target);
            inForce = target;
            return current;
        }
        try {
            Coder next = coders.apply(target);
            current.close();
            coder = next;
            inForce = target;
            return next;
        } catch (StreamException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue(Keys.CODE, e.code().name())
                    .log("encoder keeps its rate, another could not be opened");
            wanted = inForce;
            return current;
        }
    }

    @Override
    public Bitrate retarget(Bitrate target) {
        Bitrate next = clamped(target);
        long distance = Math.abs(next.bitsPerSecond() - wanted.bitsPerSecond());
        if (!closed && (retargets || distance > wanted.bitsPerSecond() / NEAR_PARTS)) {
            wanted = next;
        }
        return wanted;
    }

    private static Bitrate clamped(Bitrate rate) {
        return new Bitrate(Math.clamp(rate.bitsPerSecond(), LEAST.bitsPerSecond(), MOST.bitsPerSecond()));
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
        Coder last = coder;
        coder = null;
        if (last != null) {
            last.close();
        }
        ended.accept(this);
    }
}
