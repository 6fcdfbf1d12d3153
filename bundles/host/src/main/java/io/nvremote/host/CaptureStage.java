// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.Keys;
import io.nvremote.media.FrameSink;
import io.nvremote.stream.StreamMessage.Trouble;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture node of one run: pictures of whichever source is best. A better one is opened beside the one in use, on a thread of its
 * own, and takes over between two pictures; one whose service goes is let go of between two pictures; one that breaks its contract is
 * set aside, and the next is taken.
 *
 * <p><b>Threads.</b> {@link #open}, {@link #settle}, {@link #grab} and {@link #close} belong to the run's thread; the rest to any.
 */
final class CaptureStage {

    /** The kind of every source that need not be asked for by name. */
    static final String AUTO = "auto";

    private static final Logger LOG = LoggerFactory.getLogger(CaptureStage.class);
    private static final Duration FIRST_PICTURE = Duration.ofSeconds(3);

    private final RankedServices<CaptureSource> sources;
    private final StreamPlan plan;
    private final ServiceWatch watch;
    private final Clock clock = Clock.system();
    private final Runnable unlisten;
    private final AtomicBoolean changed = new AtomicBoolean();
    private final AtomicBoolean warming = new AtomicBoolean();
    private final AtomicReference<@Nullable OpenCapture> next = new AtomicReference<>();
    /** Said to be unable here, or without a picture: not asked again before everything is opened anew. */
    private final Set<Long> unable = ConcurrentHashMap.newKeySet();

    private final Set<String> complained = new HashSet<>(); // guarded by itself
    private volatile @Nullable OpenCapture current;
    private volatile boolean closed;
    private volatile Trouble trouble = Trouble.NONE;
    /** At work, and until when it may be; null: none is, or the picture is being encoded. */
    private volatile @Nullable Busy busy;

    private record Busy(ServiceCandidate<CaptureSource> with, long untilNanos) {}

    CaptureStage(RankedServices<CaptureSource> sources, StreamPlan plan, ServiceWatch watch) {
        this.sources = sources;
        this.plan = plan;
        this.watch = watch;
        this.unlisten = sources.onChange(() -> changed.set(true));
    }

    /** The name of the source in use; empty while there is none. */
    String name() {
        OpenCapture active = current;
        return active == null ? "" : nameOf(active.from());
    }

    static String nameOf(ServiceCandidate<CaptureSource> candidate) {
        return candidate.kinds().stream()
                .filter(kind -> !kind.equals(AUTO))
                .findFirst()
                .orElse(candidate.name());
    }

    /**
     * What the person who watches is told when there is no picture: of several sources, what is wrong with the best. None also if the
     * one in use broke its contract or went, so that the next can be tried at once.
     */
    Trouble trouble() {
        return trouble;
    }

    boolean uses(long serviceId) {
        OpenCapture ready = next.get();
        OpenCapture active = current;
        return (ready != null && ready.from().serviceId() == serviceId)
                || (active != null && active.from().serviceId() == serviceId);
    }

    /** The source that has not returned in the time it has; null if none is overdue. */
    @Nullable
    ServiceCandidate<CaptureSource> overdue(long nowNanos) {
        Busy at = busy;
        return at != null && nowNanos - at.untilNanos() > 0 ? at.with() : null;
    }

    /** Opens the first source that delivers a picture, which goes to {@code first}; false if none does. */
    boolean open(FrameSink first) {
        unable.clear();
        trouble = Trouble.NONE;
        List<ServiceCandidate<CaptureSource>> choices = choices();
        if (choices.isEmpty()) {
            unable(plan.capture(), HostError.NO_CAPTURE_SOURCE.name(), "no bundle offers it");
        }
        for (ServiceCandidate<CaptureSource> choice : choices) {
            OpenCapture opened = tryOne(choice, first);
            if (opened != null) {
                current = opened;
                synchronized (complained) {
                    complained.clear();
                }
                changed.set(true); // What came while this one was opened.
                return true;
            }
        }
        if (trouble.equals(Trouble.NONE)) {
            trouble = new Trouble(
                    HostError.NO_CAPTURE_SOURCE.name(), "This host has no picture of its screen: every source failed.");
        }
        return false;
    }

    /** Best first; those set aside only when there is nothing else. */
    private List<ServiceCandidate<CaptureSource>> choices() {
        List<ServiceCandidate<CaptureSource>> good = sources.choices(plan.capture());
        return good.isEmpty() ? sources.lastResorts(plan.capture()).toList() : good;
    }

    private @Nullable OpenCapture tryOne(ServiceCandidate<CaptureSource> choice, FrameSink first) {
        OpenCapture opened = null;
        try {
            busy(choice, plan.warmUp());
            opened = OpenCapture.open(choice, specification(), watch);
            if (work(opened, FIRST_PICTURE, first) == Grab.PICTURE) {
                return opened;
            }
            unable(choice, "NO_PICTURE", "delivered nothing in " + FIRST_PICTURE);
        } catch (PluginFault e) {
            notOpened(choice, e);
        } finally {
            busy = null;
        }
        if (opened != null) {
            opened.closeQuietly();
        }
        return null;
    }

    private CaptureSpec specification() {
        return new CaptureSpec(plan.display(), plan.size(), plan.rate());
    }

    /**
     * Between pictures: lets go of a source whose service is gone, and goes over to a better one that is ready.
     *
     * @return whether another source is in use than before; false also if there is none
     */
    boolean settle() {
        OpenCapture ready = next.getAndSet(null);
        if (ready != null && sources.holds(ready.from())) {
            letGo();
            current = ready;
            ready.refresh();
            LOG.atInfo().addKeyValue(Keys.PLUGIN, ready.from()).log("picture source took over");
            return true;
        }
        if (ready != null) {
            ready.closeQuietly();
        }
        if (changed.getAndSet(false)) {
            OpenCapture active = current;
            if (active != null && !sources.holds(active.from())) {
                letGo();
            } else if (active != null) {
                reconsider(active);
            }
        }
        return false;
    }

    /** Whether a source is in use. */
    boolean isOpen() {
        return current != null;
    }

    /**
     * One picture of the source in use.
     *
     * @return {@link Grab#CLOSED} if it can't go on; it is let go of then
     */
    Grab grab(Duration timeout, FrameSink sink) {
        OpenCapture active = current;
        if (active == null) {
            return Grab.CLOSED;
        }
        Grab grab;
        trouble = Trouble.NONE;
        try {
            grab = work(active, timeout, sink);
            if (grab == Grab.CLOSED) {
                trouble = lost("SOURCE_LOST", "it closed itself");
            }
        } catch (PluginFault e) {
            lost(active.from(), e);
            grab = Grab.CLOSED;
        } finally {
            busy = null;
        }
        if (grab == Grab.CLOSED) {
            letGo();
        }
        return grab;
    }

    /** The source's own time is watched, the time of those who take its picture is not. */
    private Grab work(OpenCapture source, Duration timeout, FrameSink sink) {
        Duration limit = timeout.plus(plan.hang());
        busy(source.from(), limit);
        return source.grab(timeout, frame -> {
            busy = null;
            sink.accept(frame);
            busy(source.from(), limit);
        });
    }

    private void busy(ServiceCandidate<CaptureSource> with, Duration limit) {
        busy = new Busy(with, clock.nanos() + limit.toNanos());
    }

    /** Opens the best source in the background, if it is another than the one in use. */
    private void reconsider(OpenCapture active) {
        ServiceCandidate<CaptureSource> best = choices().stream()
                .filter(choice -> !unable.contains(choice.serviceId()))
                .findFirst()
                .orElse(null);
        if (best == null || best.serviceId() == active.from().serviceId() || !warming.compareAndSet(false, true)) {
            return;
        }
        AtomicBoolean decided = new AtomicBoolean();
        Thread timer = Thread.ofVirtual().name("capture-warm-up-watch").start(() -> {
            Duration limit = plan.warmUp().plus(FIRST_PICTURE);
            clock.sleep(limit);
            if (decided.compareAndSet(false, true)) {
                fault(best, "did not open within " + limit);
                warmed();
            }
        });
        Thread.ofPlatform().daemon().name("capture-warm-up").start(() -> warmUp(best, decided, timer));
    }

    private void warmUp(ServiceCandidate<CaptureSource> wanted, AtomicBoolean decided, Thread timer) {
        OpenCapture opened = null;
        boolean ready = false;
        PluginFault fault = null;
        try {
            opened = OpenCapture.open(wanted, specification(), watch);
            ready = opened.grab(FIRST_PICTURE, frame -> {}) == Grab.PICTURE;
        } catch (PluginFault e) {
            fault = e;
        }
        boolean ours = decided.compareAndSet(false, true);
        timer.interrupt();
        if (ours && fault != null) {
            notOpened(wanted, fault);
        } else if (ours && ready) {
            offer(Objects.requireNonNull(opened));
            opened = null;
        }
        if (ours && !ready) {
            unable.add(wanted.serviceId());
        }
        if (opened != null) {
            opened.closeQuietly();
        }
        if (ours) {
            warmed();
        }
    }

    private void offer(OpenCapture opened) {
        OpenCapture displaced = next.getAndSet(opened);
        OpenCapture orphan = closed ? next.getAndSet(null) : null;
        for (OpenCapture one : new @Nullable OpenCapture[] {displaced, orphan}) {
            if (one != null) {
                one.closeQuietly();
            }
        }
    }

    private void warmed() {
        warming.set(false);
        changed.set(true); // The best may have changed meanwhile.
    }

    private void notOpened(ServiceCandidate<CaptureSource> source, PluginFault why) {
        ErrorCode code = why.code();
        if (code == null) {
            fault(source, String.valueOf(why.getMessage()));
        } else {
            unable(source, code.name(), why.reason());
        }
    }

    private void lost(ServiceCandidate<CaptureSource> source, PluginFault why) {
        ErrorCode code = why.code();
        if (code == null) {
            fault(source, String.valueOf(why.getMessage()));
        } else {
            LOG.atWarn()
                    .addKeyValue(Keys.PLUGIN, source)
                    .addKeyValue(Keys.CODE, code.name())
                    .addKeyValue(Keys.REASON, why.reason())
                    .log("capture failed");
            trouble = lost(code.name(), why.reason());
        }
    }

    private static Trouble lost(String code, String reason) {
        return new Trouble(code, "The picture of this host's screen is lost: " + reason + ".");
    }

    private void fault(ServiceCandidate<CaptureSource> source, String reason) {
        if (sources.holds(source)) {
            watch.failed(source, reason);
        }
    }

    private void unable(ServiceCandidate<CaptureSource> source, String code, String reason) {
        unable.add(source.serviceId());
        unable(nameOf(source), code, reason);
    }

    /** Logged once, however often the source is tried again, until there was a picture or something else is wrong. */
    private void unable(String source, String code, String reason) {
        if (trouble.equals(Trouble.NONE)) {
            trouble = new Trouble(code, "This host has no picture of its screen (" + source + "): " + reason + ".");
        }
        boolean first;
        synchronized (complained) {
            first = complained.add(source + ": " + reason);
        }
        if (first) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue(Keys.CODE, code)
                    .addKeyValue(Keys.REASON, reason)
                    .log("picture source not usable");
        }
    }

    @Nullable
    Cursor cursor() {
        OpenCapture from = current;
        return from == null ? null : from.cursor();
    }

    /** The next picture comes soon, even of a screen at rest. */
    void refresh() {
        OpenCapture from = current;
        if (from != null) {
            from.refresh();
        }
    }

    private void letGo() {
        OpenCapture old = current;
        current = null;
        if (old != null) {
            Thread.ofPlatform().daemon().name("capture-close").start(old::closeQuietly);
        }
    }

    void close() {
        closed = true;
        unlisten.run();
        OpenCapture active = current;
        current = null;
        for (OpenCapture one : new @Nullable OpenCapture[] {active, next.getAndSet(null)}) {
            if (one != null) {
                one.closeQuietly();
            }
        }
    }
}
