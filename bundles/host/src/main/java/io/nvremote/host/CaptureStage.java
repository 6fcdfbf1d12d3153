// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.Keys;
import io.nvremote.lib.plugins.PhaseIn;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.FrameSink;
import io.nvremote.stream.StreamMessage.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture node of one run: pictures of whichever source is best. A better one ({@link PhaseIn}) takes over between two pictures; one whose service goes is let go of between two pictures; one that breaks its contract is
 * set aside, and the next is taken.
 *
 * <p><b>Threads.</b> {@link #open}, {@link #settle}, {@link #grab} and {@link #close} belong to the run's thread; the rest to any.
 */
final class CaptureStage implements PhaseIn.Kind<CaptureSource, OpenCapture> {

    /** The kind of every source that need not be asked for by name. */
    static final String AUTO = "auto";

    private static final Logger LOG = LoggerFactory.getLogger(CaptureStage.class);
    private static final Duration FIRST_PICTURE = Duration.ofSeconds(3);

    private final RankedServices<CaptureSource> sources;
    private final StreamPlan plan;
    private final ServiceWatch watch;
    private final PhaseIn<CaptureSource, OpenCapture> plugins;
    // Said to be unable here, or without a picture: not asked again before everything is opened anew.
    private final Set<Long> unable = ConcurrentHashMap.newKeySet();
    private final SourceComplaints complaints = new SourceComplaints();
    private volatile Trouble trouble = Trouble.NONE;

    CaptureStage(RankedServices<CaptureSource> sources, StreamPlan plan, ServiceWatch watch) {
        this.sources = sources;
        this.plan = plan;
        this.watch = watch;
        this.plugins = new PhaseIn<>("capture", sources, this, plan.warmUp().plus(FIRST_PICTURE), () -> {});
    }

    /** The name of the source in use; empty while there is none. */
    String name() {
        OpenCapture active = plugins.current();
        return active == null ? "" : nameOf(active.from());
    }

    static String nameOf(ServiceCandidate<CaptureSource> candidate) {
        return candidate.kinds().stream()
                .filter(kind -> !kind.equals(AUTO))
                .findFirst()
                .orElse(candidate.name());
    }

    /**
     * What the person who watches is told when there is no picture: of several sources, what is wrong with the last, which needs
     * least. None also if the one in use broke its contract or went, so that the next can be tried at once.
     */
    Trouble trouble() {
        return trouble;
    }

    boolean uses(long serviceId) {
        return plugins.uses(serviceId);
    }

    /** The source that has not returned in the time it has; null if none is overdue. */
    @Nullable
    ServiceCandidate<CaptureSource> overdue(long nowNanos) {
        return plugins.overdue(nowNanos);
    }

    /** Opens the first source that delivers a picture, which goes to {@code first}; false if none does. */
    boolean open(FrameSink first) {
        unable.clear();
        trouble = Trouble.NONE;
        List<ServiceCandidate<CaptureSource>> choices = ranked();
        if (choices.isEmpty()) {
            unable(plan.capture(), HostError.NO_CAPTURE_SOURCE.name(), "no bundle offers it");
        }
        for (ServiceCandidate<CaptureSource> choice : choices) {
            OpenCapture opened = tryOne(choice, first);
            if (opened != null) {
                plugins.use(opened);
                complaints.clear();
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
    private List<ServiceCandidate<CaptureSource>> ranked() {
        List<ServiceCandidate<CaptureSource>> good = sources.choices(plan.capture());
        return good.isEmpty() ? sources.lastResorts(plan.capture()).toList() : good;
    }

    private @Nullable OpenCapture tryOne(ServiceCandidate<CaptureSource> choice, FrameSink first) {
        OpenCapture opened = null;
        try {
            Duration limit = plan.toOpen(sources.choices(plan.capture()).isEmpty());
            opened = plugins.work(choice, limit, () -> new OpenCapture(choice, specification(), watch));
            if (work(opened, FIRST_PICTURE, first) == Grab.PICTURE) {
                return opened;
            }
            unable(choice, "NO_PICTURE", "delivered nothing in " + FIRST_PICTURE);
        } catch (PluginFault e) {
            notOpened(choice, e);
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
        OpenCapture ready = plugins.take();
        if (ready != null) {
            plugins.use(ready);
            ready.refresh();
            LOG.atInfo().addKeyValue(Keys.PLUGIN, ready.from()).log("picture source took over");
            return true;
        }
        if (plugins.isGone()) {
            plugins.letGo();
        }
        return false;
    }

    /** Whether a source is in use. */
    boolean isOpen() {
        return plugins.current() != null;
    }

    /**
     * One picture of the source in use.
     *
     * @return {@link Grab#CLOSED} if it can't go on; it is let go of then
     */
    Grab grab(Duration timeout, FrameSink sink) {
        OpenCapture active = plugins.current();
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
        }
        if (grab == Grab.CLOSED) {
            plugins.letGo();
        }
        return grab;
    }

    /** The source's own time is watched, the time of those who take its picture is not. */
    private Grab work(OpenCapture source, Duration timeout, FrameSink sink) {
        Duration limit = timeout.plus(plan.hang());
        return plugins.work(
                source.from(),
                limit,
                () -> source.grab(timeout, frame -> {
                    plugins.idle();
                    sink.accept(frame);
                    plugins.busy(source.from(), limit);
                }));
    }

    // ---- what is particular to picture sources ----

    @Override
    public Stream<ServiceCandidate<CaptureSource>> choices() {
        return ranked().stream().filter(choice -> !unable.contains(choice.serviceId()));
    }

    /** With its first picture, which nobody sees: one without is of no use. */
    @Override
    public @Nullable OpenCapture open(ServiceCandidate<CaptureSource> candidate) {
        OpenCapture opened = new OpenCapture(candidate, specification(), watch);
        boolean delivers = false;
        try {
            delivers = opened.grab(FIRST_PICTURE, frame -> {}) == Grab.PICTURE;
            return delivers ? opened : null;
        } finally {
            if (!delivers) {
                unable.add(candidate.serviceId());
                opened.closeQuietly();
            }
        }
    }

    @Override
    public void notOpened(ServiceCandidate<CaptureSource> source, PluginFault why) {
        ErrorCode code = why.code();
        if (code == null) {
            failed(source, String.valueOf(why.getMessage()));
        } else {
            unable(source, code.name(), why.reason());
        }
    }

    private void lost(ServiceCandidate<CaptureSource> source, PluginFault why) {
        ErrorCode code = why.code();
        if (code == null) {
            failed(source, String.valueOf(why.getMessage()));
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

    @Override
    public void failed(ServiceCandidate<CaptureSource> source, String reason) {
        if (sources.holds(source)) {
            watch.failed(source, reason);
        }
    }

    private void unable(ServiceCandidate<CaptureSource> source, String code, String reason) {
        unable.add(source.serviceId());
        unable(nameOf(source), code, reason);
    }

    /** Of several sources the last is told of, unless it can only not do what is asked for while another could. */
    private void unable(String source, String code, String reason) {
        if (trouble.equals(Trouble.NONE) || !code.equals(CaptureError.SPEC_REFUSED.name())) {
            trouble = new Trouble(code, "This host has no picture of its screen (" + source + "): " + reason + ".");
        }
        complaints.add(source, code, reason);
    }

    /** Displays that the source in use could show instead, fewer than two: nothing to choose. Empty while there is no source. */
    Optional<List<String>> displays() {
        return Optional.ofNullable(plugins.current()).map(OpenCapture::displays);
    }

    @Nullable
    Cursor cursor() {
        OpenCapture from = plugins.current();
        return from == null ? null : from.cursor();
    }

    /** The next picture comes soon, even of a screen at rest. */
    void refresh() {
        OpenCapture from = plugins.current();
        if (from != null) {
            from.refresh();
        }
    }

    void close() {
        plugins.close();
    }
}
