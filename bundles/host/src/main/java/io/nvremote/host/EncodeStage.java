// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.Keys;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import io.nvremote.media.Sampling;
import io.nvremote.stream.StreamMessage.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The encode node of one run: frames in, access units out, whichever encoder makes them.
 *
 * <p>A better encoder is opened beside the one in use, on a thread of its own, and takes over between two frames with a key
 * frame; the old one is closed elsewhere. The frame at the cut goes to the new encoder; if that fails with it, the old one gets the
 * same frame, so no frame is lost either way. An encoder that fails in the middle is replaced on the spot, by the same rule.
 *
 * <p><b>Threads.</b> {@link #encode}, {@link #prepare}, {@link #settle} and {@link #close} belong to the run's thread; the rest to
 * any.
 */
final class EncodeStage {

    private static final Logger LOG = LoggerFactory.getLogger(EncodeStage.class);

    /** An encoder that failed before is tried again this seldom, and only when there is nothing else. */
    private static final long LAST_RESORT_EVERY_NANOS = 1_000_000_000L;

    /** An encoder that refused is asked again after so long: what it was full of may have ended. */
    private static final long ASK_AGAIN_NANOS = 2_000_000_000L;

    private static final long FOR_GOOD_NANOS = Long.MAX_VALUE / 4;

    private final RankedServices<Encoder> shelf;
    private final StreamPlan plan;
    private final StreamMetrics figures;
    private final AccessUnitSink out;
    private final ServiceWatch watch;
    private final Duration slowest;
    private final Clock clock = Clock.system();
    private final AtomicBoolean keyFrameWanted = new AtomicBoolean(true);
    /** Opened and waiting for its first frame. */
    private final AtomicReference<@Nullable OpenEncoder> next = new AtomicReference<>();

    /** Being tried with its first frame. An encoder moves from next to trying to current, and is looked for in that order. */
    private volatile @Nullable OpenEncoder trying;

    private final AtomicBoolean warming = new AtomicBoolean();
    private volatile @Nullable OpenEncoder current;
    /** What the pictures that come now ask of an encoder. */
    private volatile @Nullable EncodeSpec spec;

    /** What the path carries now. */
    private volatile Bitrate target;

    private volatile boolean closed;
    /** Refused this stream without being at fault, and until when that counts: full, for a while; what was asked, for good. */
    private final Map<Long, Long> refusals = new ConcurrentHashMap<>();

    private volatile long askAgainNanos;
    private volatile Trouble refusal = Trouble.NONE;

    /** The encoder at work on a frame or opening, and until when it may be; null: none is. */
    private volatile @Nullable Busy busy;

    private long lastResortNanos;

    private static final Set<ErrorCode> REFUSALS =
            Set.of(EncodeError.DEVICE_FULL, EncodeError.DEVICE_UNAVAILABLE, EncodeError.SPEC_REFUSED);

    private record Busy(ServiceCandidate<Encoder> with, long untilNanos) {}

    EncodeStage(
            RankedServices<Encoder> shelf,
            StreamPlan plan,
            StreamMetrics figures,
            AccessUnitSink out,
            ServiceWatch watch) {
        this.shelf = shelf;
        this.plan = plan;
        this.figures = figures;
        this.out = out;
        this.watch = watch;
        this.target = plan.bitrate();
        this.slowest = plan.hang().dividedBy(2);
        this.askAgainNanos = clock.nanos() + FOR_GOOD_NANOS;
        this.lastResortNanos = clock.nanos() - LAST_RESORT_EVERY_NANOS;
    }

    /** Name and version of the encoder in use; null while there is none. */
    @Nullable
    ServiceCandidate<Encoder> inUse() {
        OpenEncoder active = current;
        return active == null ? null : active.from();
    }

    /** Whether an encoder is in use, or waiting to be. */
    boolean uses(long serviceId) {
        return is(next.get(), serviceId) || is(trying, serviceId) || is(current, serviceId);
    }

    private static boolean is(@Nullable OpenEncoder active, long serviceId) {
        return active != null && active.from().serviceId() == serviceId;
    }

    /** The encoder that has not returned in the time it has; null if none is overdue. */
    @Nullable
    ServiceCandidate<Encoder> overdue(long nowNanos) {
        Busy at = busy;
        return at != null && nowNanos - at.untilNanos() > 0 ? at.with() : null;
    }

    /** Whether a picture is still to be made that can be decoded on its own: one was wanted, or the last could not be encoded. */
    boolean owes() {
        return keyFrameWanted.get();
    }

    /** Why the last picture could not be encoded. */
    Trouble refusal() {
        return refusal;
    }

    /** This client gets on better without that encoder: it is not asked for it again, if there is another. */
    void passOver(ServiceCandidate<Encoder> encoder) {
        if (choices().anyMatch(other -> !other.equals(encoder))) {
            refusals.put(encoder.serviceId(), clock.nanos() + FOR_GOOD_NANOS);
            LOG.atWarn().addKeyValue(Keys.PLUGIN, encoder).log("the client can't decode it: another encoder is tried");
            reconsider();
        }
    }

    /** The rate from the next picture on. */
    void target(Bitrate bitrate) {
        target = bitrate;
    }

    void wantKeyFrame() {
        keyFrameWanted.set(true);
    }

    /** The shelf changed: begins to open the best encoder in the background, if it is another than the one in use. */
    void reconsider() {
        EncodeSpec known = spec;
        if (closed || known == null || (current == null && trying == null)) {
            return;
        }
        Optional<ServiceCandidate<Encoder>> best = choices().findFirst();
        if (best.isEmpty()) {
            return;
        }
        ServiceCandidate<Encoder> wanted = best.get();
        // Looked for among the choices once more after it was not found in use: one that failed while this looked
        // is set aside before it is let go, and must not be tried a second time.
        if (uses(wanted.serviceId()) || choices().noneMatch(wanted::equals) || !warming.compareAndSet(false, true)) {
            return;
        }
        Thread.ofPlatform().daemon().name("encoder-warm-up").start(() -> warmUp(wanted, known));
    }

    private void warmUp(ServiceCandidate<Encoder> wanted, EncodeSpec known) {
        AtomicBoolean open = new AtomicBoolean();
        Thread timer = Thread.ofVirtual().name("encoder-warm-up-watch").start(() -> {
            clock.sleep(plan.warmUp());
            if (open.compareAndSet(false, true)) {
                warming.set(false);
                fault(wanted, "did not open within " + plan.warmUp());
            }
        });
        try {
            OpenEncoder opened = open(wanted, known);
            if (!open.compareAndSet(false, true)) {
                opened.closeQuietly();
                return; // Too late: given up already.
            }
            offer(opened);
        } catch (PluginFault e) {
            if (!open.compareAndSet(false, true)) {
                return;
            }
            notOpened(wanted, e);
        } finally {
            timer.interrupt(); // Only now: what wakes it must find the matter decided.
        }
        warming.set(false);
        reconsider(); // The best may have changed meanwhile.
    }

    private void offer(OpenEncoder opened) {
        OpenEncoder displaced = next.getAndSet(opened);
        if (displaced != null) {
            displaced.closeQuietly();
        }
        if (closed) {
            OpenEncoder orphan = next.getAndSet(null);
            if (orphan != null) {
                orphan.closeQuietly();
            }
        }
    }

    /** Opens the best encoder for pictures like this one now. */
    void prepare(Frame picture) {
        EncodeSpec asked = specFor(picture);
        if (!asked.equals(spec)) {
            respecify(asked);
        }
        if (current == null) {
            current = openBest(asked);
        }
    }

    private EncodeSpec specFor(Frame picture) {
        return new EncodeSpec(
                plan.codec(),
                picture.size(),
                plan.rate(),
                plan.bitrate(),
                Sampling.YUV420_8,
                picture.surface().kind());
    }

    /** Encodes one frame with whatever is best; returns false if nobody could: the frame is dropped. */
    boolean encode(Frame frame) {
        EncodeSpec asked = spec;
        if (asked == null || !fits(asked, frame)) {
            asked = specFor(frame);
            respecify(asked);
        }
        if (takeOver(frame)) {
            return true;
        }
        OpenEncoder active = current;
        if (active == null) {
            active = openBest(asked);
            current = active;
            keyFrameWanted.set(true);
        }
        while (active != null && !closed) {
            boolean keyFrame = keyFrameWanted.getAndSet(false);
            OpenEncoder now = active;
            try {
                out.accept(attempt(now, () -> now.at(target).encode(frame, keyFrame, slowest)));
                return true;
            } catch (PluginFault e) {
                giveUp(now, e);
            }
            active = openBest(asked);
            current = active;
            figures.swaps.incrementAndGet();
        }
        figures.dropped.incrementAndGet();
        return false;
    }

    private static boolean fits(EncodeSpec asked, Frame frame) {
        return asked.size().equals(frame.size())
                && asked.pictures().equals(frame.surface().kind());
    }

    /** Whether this picture, which is the one encoded last, may be sent again by the same encoder. */
    boolean canRefine(Frame frame) {
        EncodeSpec asked = spec;
        return current != null && next.get() == null && !owes() && asked != null && fits(asked, frame);
    }

    /** Encodes the picture of before again, sharper; returns whether once more could gain anything. */
    boolean refine(Frame frame) {
        OpenEncoder active = current;
        if (active == null) {
            return false;
        }
        try {
            out.accept(attempt(active, () -> active.at(target).refine(frame, slowest)));
            return active.couldGain();
        } catch (PluginFault e) {
            giveUp(active, e);
            current = null;
            return false;
        }
    }

    private void giveUp(OpenEncoder active, PluginFault why) {
        keyFrameWanted.set(true);
        retire(active);
        fault(active.from(), String.valueOf(why.getMessage()));
    }

    /** Between frames: asks again who refused before, and lets go of an encoder whose service is gone. */
    void settle() {
        if (askAgainNanos - clock.nanos() <= 0) {
            askAgainNanos = clock.nanos() + FOR_GOOD_NANOS;
            reconsider();
        }
        OpenEncoder active = current;
        if (active != null && !shelf.holds(active.from())) {
            OpenEncoder ready = next.getAndSet(null);
            if (ready != null && !ready.spec().equals(active.spec())) {
                retire(ready);
                ready = null;
            }
            OpenEncoder replacement = ready == null ? openBest(active.spec()) : ready;
            current = replacement;
            keyFrameWanted.set(true);
            figures.swaps.incrementAndGet();
            retire(active);
        }
    }

    void close() {
        closed = true;
        OpenEncoder active = current;
        current = null;
        for (OpenEncoder one :
                Stream.of(active, next.getAndSet(null)).filter(Objects::nonNull).toList()) {
            one.closeQuietly();
        }
    }

    private boolean takeOver(Frame frame) {
        OpenEncoder ready = next.get();
        if (ready == null) {
            return false;
        }
        trying = ready;
        try {
            return next.compareAndSet(ready, null) && tryOut(ready, frame);
        } finally {
            trying = null;
        }
    }

    private boolean tryOut(OpenEncoder ready, Frame frame) {
        if (!ready.spec().equals(spec) || !shelf.holds(ready.from())) {
            retire(ready);
            return false;
        }
        long begin = clock.nanos();
        boolean asked = keyFrameWanted.getAndSet(false);
        AccessUnit unit;
        try {
            unit = attempt(ready, () -> ready.at(target).encode(frame, true, slowest));
        } catch (PluginFault e) {
            keyFrameWanted.compareAndSet(false, asked);
            retire(ready);
            fault(ready.from(), String.valueOf(e.getMessage()));
            return false; // The one in use gets the same frame.
        }
        OpenEncoder old = current;
        current = ready;
        figures.swaps.incrementAndGet();
        figures.longestSwapNanos.accumulateAndGet(clock.nanos() - begin, Math::max);
        if (old != null) {
            retire(old);
        }
        LOG.atInfo().addKeyValue(Keys.PLUGIN, ready.from()).log("encoder took over");
        out.accept(unit);
        return true;
    }

    private AccessUnit attempt(OpenEncoder active, Supplier<AccessUnit> work) {
        busy = new Busy(active.from(), clock.nanos() + plan.hang().toNanos());
        try {
            AccessUnit unit = work.get();
            figures.encoded.incrementAndGet();
            return unit;
        } finally {
            busy = null;
        }
    }

    /** Other pictures come: what was refused for those before may be had for these. */
    private void respecify(EncodeSpec asked) {
        spec = asked;
        refusals.clear();
        OpenEncoder active = current;
        if (active != null && !active.spec().equals(asked)) {
            current = null;
            retire(active);
        }
        keyFrameWanted.set(true);
    }

    private @Nullable OpenEncoder openBest(EncodeSpec asked) {
        List<ServiceCandidate<Encoder>> candidates = choices().toList();
        if (candidates.isEmpty() && clock.nanos() - lastResortNanos >= LAST_RESORT_EVERY_NANOS) {
            lastResortNanos = clock.nanos();
            candidates = shelf.lastResorts(plan.codec().name()).toList();
        }
        if (shelf.choices(plan.codec().name()).isEmpty()) {
            refusal = new Trouble(
                    HostError.NO_ENCODER.name(), "This host has no encoder for " + plan.codec() + " that works.");
        }
        for (ServiceCandidate<Encoder> candidate : candidates) {
            busy = new Busy(candidate, clock.nanos() + plan.warmUp().toNanos());
            try {
                return open(candidate, asked);
            } catch (PluginFault e) {
                notOpened(candidate, e);
            } finally {
                busy = null;
            }
        }
        return null;
    }

    private Stream<ServiceCandidate<Encoder>> choices() {
        return shelf.choices(plan.codec().name()).stream().filter(o -> !refused(o.serviceId()));
    }

    private boolean refused(long serviceId) {
        Long until = refusals.get(serviceId);
        return until != null && until - clock.nanos() > 0;
    }

    private OpenEncoder open(ServiceCandidate<Encoder> from, EncodeSpec asked) {
        return OpenEncoder.open(from, asked, target, watch);
    }

    /** Full or unable is no fault of an encoder that says so when it is opened. */
    private void notOpened(ServiceCandidate<Encoder> encoder, PluginFault why) {
        String said = why.reason();
        ErrorCode code = why.code();
        if (code != null && REFUSALS.contains(code)) {
            boolean passing = code != EncodeError.SPEC_REFUSED;
            refusal = new Trouble(code.name(), "This host's screen can't be encoded: " + said + ".");
            long until = clock.nanos() + (passing ? ASK_AGAIN_NANOS : FOR_GOOD_NANOS);
            boolean again = refusals.put(encoder.serviceId(), until) != null;
            askAgainNanos = passing ? until : askAgainNanos;
            LOG.atLevel(again ? Level.DEBUG : Level.WARN)
                    .addKeyValue(Keys.PLUGIN, encoder)
                    .addKeyValue(Keys.REASON, said)
                    .log("encoder refused");
        } else {
            fault(encoder, String.valueOf(why.getMessage()));
        }
    }

    /** Of an encoder that was taken away meanwhile nothing is to be said. */
    private void fault(ServiceCandidate<Encoder> encoder, String reason) {
        if (shelf.holds(encoder)) {
            figures.encoderFailed(encoder, reason);
            watch.failed(encoder, reason);
        }
    }

    /** Closes off the stream's thread: a vendor's close may take its time. */
    private static void retire(OpenEncoder old) {
        Thread.ofPlatform().daemon().name("encoder-close").start(old::closeQuietly);
    }
}
