// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.plugins.PhaseIn;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.Sampling;
import io.nvremote.stream.StreamMessage.Trouble;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encode node of one run: frames in, access units out, whichever encoder makes them.
 *
 * <p>A better encoder ({@link PhaseIn}) takes over between two frames with a key frame. The frame at the cut goes to the new encoder; if
 * that fails with it, the old one gets the same frame, so no frame is lost either way. An encoder that fails in the middle is replaced on
 * the spot, by the same rule.
 *
 * <p><b>Threads.</b> {@link #encode}, {@link #prepare}, {@link #settle} and {@link #close} belong to the run's thread; the rest to
 * any.
 */
final class EncodeStage {

    private static final Logger LOG = LoggerFactory.getLogger(EncodeStage.class);

    private final StreamPlan plan;
    private final VideoMetrics metrics;
    private final AccessUnitSink out;
    private final EncoderChoice choice;
    private final PhaseIn<Encoder, OpenEncoder> encoders;
    private final Duration slowest;
    private final Clock clock = Clock.system();
    private final AtomicBoolean keyFrameWanted = new AtomicBoolean(true);
    private volatile Codec codec;
    private volatile boolean closed;

    EncodeStage(
            RankedServices<Encoder> services,
            StreamPlan plan,
            VideoMetrics metrics,
            AccessUnitSink out,
            ServiceWatch watch) {
        this.plan = plan;
        this.codec = plan.codec();
        this.metrics = metrics;
        this.out = out;
        this.choice = new EncoderChoice(services, plan, metrics, watch);
        this.encoders = new PhaseIn<>("encoder", services, choice, plan.warmUp(), () -> {});
        this.slowest = plan.hang().dividedBy(2);
    }

    /** Name and version of the encoder in use; null while there is none. */
    @Nullable
    ServiceCandidate<Encoder> inUse() {
        OpenEncoder active = encoders.current();
        return active == null ? null : active.from();
    }

    /** Whether an encoder is in use, or waiting to be. */
    boolean uses(long serviceId) {
        return encoders.uses(serviceId);
    }

    /** The encoder that has not returned in the time it has; null if none is overdue. */
    @Nullable
    ServiceCandidate<Encoder> overdue(long nowNanos) {
        return encoders.overdue(nowNanos);
    }

    /** Whether a picture is still to be made that can be decoded on its own: one was wanted, or the last could not be encoded. */
    boolean owes() {
        return keyFrameWanted.get();
    }

    /** Why the last picture could not be encoded. */
    Trouble refusal() {
        return choice.trouble();
    }

    /** This client gets on better without that encoder: it is not asked for it again. False if there is no other of the codec. */
    boolean passOver(ServiceCandidate<Encoder> encoder) {
        boolean other = choice.passOver(encoder);
        if (other) {
            LOG.atWarn().addKeyValue(Keys.PLUGIN, encoder).log("the client can't decode it: another encoder is tried");
            encoders.reconsider();
        }
        return other;
    }

    /** What is made from the next picture on, which is a key frame then. */
    void codec(Codec other) {
        codec = other;
    }

    /** What was made, or could not be made, of the last picture. */
    Codec asked() {
        return choice.codec();
    }

    /** The rate from the next picture on. */
    void target(Bitrate bitrate) {
        choice.target(bitrate);
    }

    void wantKeyFrame() {
        keyFrameWanted.set(true);
    }

    /** The client has lost these units for good: the encoder in use hears it before its next picture. */
    void lost(long firstSequence, long lastSequence) {
        OpenEncoder active = encoders.current();
        if (active != null) {
            active.lost(firstSequence, lastSequence);
        }
    }

    /** Opens the best encoder for pictures like this one now. */
    void prepare(Frame picture) {
        EncodeSpec asked = specFor(picture);
        if (!asked.equals(choice.asked())) {
            respecify(asked);
        }
        if (encoders.current() == null) {
            openBest(asked);
        }
    }

    private EncodeSpec specFor(Frame picture) {
        return new EncodeSpec(
                codec,
                picture.size(),
                plan.rate(),
                plan.bitrate(),
                Sampling.YUV420_8,
                picture.surface().kind());
    }

    /** Other pictures come, or another codec is wanted: what was refused for those before may be had for these. */
    private void respecify(EncodeSpec asked) {
        choice.ask(asked);
        OpenEncoder active = encoders.current();
        if (active != null && !active.spec().equals(asked)) {
            encoders.letGo();
        }
        keyFrameWanted.set(true);
    }

    /** Encodes one frame with whatever is best; returns false if nobody could: the frame is dropped. */
    boolean encode(Frame frame) {
        EncodeSpec asked = choice.asked();
        if (asked == null || !fits(asked, frame)) {
            asked = specFor(frame);
            respecify(asked);
        }
        OpenEncoder ready = encoders.take();
        if (ready != null && takeOver(ready, frame)) {
            return true;
        }
        OpenEncoder active = encoders.current();
        if (active == null) {
            active = openBest(asked);
            keyFrameWanted.set(true);
        }
        while (active != null && !closed) {
            boolean keyFrame = keyFrameWanted.getAndSet(false);
            OpenEncoder now = active;
            try {
                out.accept(attempt(now, () -> now.at(choice.target()).encode(frame, keyFrame, slowest)));
                return true;
            } catch (PluginFault e) {
                giveUp(now, e);
            }
            active = openBest(asked);
            metrics.swaps.incrementAndGet();
        }
        metrics.dropped.incrementAndGet();
        return false;
    }

    private boolean fits(EncodeSpec asked, Frame frame) {
        return asked.codec().equals(codec)
                && asked.size().equals(frame.size())
                && asked.pictures().equals(frame.surface().kind());
    }

    /** The one that is ready makes the frame's key frame, or the one in use gets the same frame. */
    private boolean takeOver(OpenEncoder ready, Frame frame) {
        if (!ready.spec().equals(choice.asked())) {
            encoders.discard(ready);
            return false;
        }
        long begin = clock.nanos();
        boolean asked = keyFrameWanted.getAndSet(false);
        AccessUnit unit;
        try {
            unit = attempt(ready, () -> ready.at(choice.target()).encode(frame, true, slowest));
        } catch (PluginFault e) {
            keyFrameWanted.compareAndSet(false, asked);
            choice.failed(ready.from(), String.valueOf(e.getMessage()));
            encoders.discard(ready);
            return false;
        }
        encoders.use(ready);
        metrics.swaps.incrementAndGet();
        metrics.longestSwapNanos.accumulateAndGet(clock.nanos() - begin, Math::max);
        LOG.atInfo().addKeyValue(Keys.PLUGIN, ready.from()).log("encoder took over");
        out.accept(unit);
        return true;
    }

    /** Whether this picture, which is the one encoded last, may be sent again by the same encoder. */
    boolean canRefine(Frame frame) {
        EncodeSpec asked = choice.asked();
        return encoders.current() != null && !encoders.isReady() && !owes() && asked != null && fits(asked, frame);
    }

    /** Encodes the picture of before again, sharper; returns whether once more could gain anything. */
    boolean refine(Frame frame) {
        OpenEncoder active = encoders.current();
        if (active == null) {
            return false;
        }
        try {
            out.accept(attempt(active, () -> active.at(choice.target()).refine(frame, slowest)));
            return active.couldGain();
        } catch (PluginFault e) {
            giveUp(active, e);
            return false;
        }
    }

    /** Set aside before it is let go of: in between it must not look as if it were there to be tried. */
    private void giveUp(OpenEncoder active, PluginFault why) {
        keyFrameWanted.set(true);
        choice.failed(active.from(), String.valueOf(why.getMessage()));
        encoders.letGo();
    }

    /** Between frames: asks again who refused before, and lets go of an encoder whose service is gone. */
    void settle() {
        if (choice.askAgain()) {
            encoders.reconsider();
        }
        OpenEncoder active = encoders.current();
        if (encoders.isGone() && active != null) {
            OpenEncoder ready = encoders.take();
            if (ready != null && ready.spec().equals(active.spec())) {
                encoders.use(ready);
            } else {
                if (ready != null) {
                    encoders.discard(ready);
                }
                encoders.letGo();
                openBest(active.spec());
            }
            keyFrameWanted.set(true);
            metrics.swaps.incrementAndGet();
        }
    }

    void close() {
        closed = true;
        encoders.close();
    }

    private AccessUnit attempt(OpenEncoder active, Supplier<AccessUnit> work) {
        AccessUnit unit = encoders.work(active.from(), plan.hang(), work);
        choice.encoded(active.from());
        return unit;
    }

    /** The best that opens, in use from here on; null if none does. */
    private @Nullable OpenEncoder openBest(EncodeSpec asked) {
        Duration limit = plan.toOpen(choice.choices().findAny().isEmpty());
        for (ServiceCandidate<Encoder> candidate : choice.candidates()) {
            try {
                OpenEncoder opened = encoders.work(candidate, limit, () -> choice.open(candidate, asked));
                encoders.use(opened);
                return opened;
            } catch (PluginFault e) {
                choice.notOpened(candidate, e);
            }
        }
        return null;
    }
}
