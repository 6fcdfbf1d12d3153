// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.media.FrameSink;
import io.nvremote.stream.StreamMessage.Trouble;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture node of one run: opens the best source that delivers a picture, and knows why the others don't. For the run's own
 * thread.
 */
final class CaptureStage {

    /** The kind of every source that need not be asked for by name. */
    static final String AUTO = "auto";

    private static final Logger LOG = LoggerFactory.getLogger(CaptureStage.class);
    private static final Duration FIRST_PICTURE = Duration.ofSeconds(3);

    private final RankedServices<CaptureSource> sources;
    private final StreamPlan plan;
    /** What was wrong so far, each told once until there was a picture. */
    private final Set<String> complained = new HashSet<>();

    private Trouble trouble = Trouble.NONE;

    /** A source at work. */
    record Opened(CaptureSession session, String source) {}

    CaptureStage(RankedServices<CaptureSource> sources, StreamPlan plan) {
        this.sources = sources;
        this.plan = plan;
    }

    /** Opens the first source that delivers, and hands its first picture over; null if none does: {@link #trouble} says why. */
    @Nullable
    Opened open(FrameSink first) {
        trouble = Trouble.NONE;
        List<ServiceCandidate<CaptureSource>> candidates = sources.choices(plan.capture());
        if (candidates.isEmpty()) {
            notUsable(plan.capture(), HostError.NO_CAPTURE_SOURCE.name(), "no bundle offers it");
        }
        for (ServiceCandidate<CaptureSource> candidate : candidates) {
            CaptureSession session = openOne(candidate, first);
            if (session != null) {
                complained.clear();
                return new Opened(session, nameOf(candidate));
            }
        }
        return null;
    }

    private @Nullable CaptureSession openOne(ServiceCandidate<CaptureSource> candidate, FrameSink first) {
        String name = nameOf(candidate);
        CaptureSession session = null;
        try {
            session = candidate.service().open(new CaptureSpec(plan.display(), plan.size(), plan.rate()));
            if (session.grab(FIRST_PICTURE, first) == Grab.PICTURE) {
                return session;
            }
            notUsable(name, "NO_PICTURE", "delivered nothing in " + FIRST_PICTURE);
        } catch (StreamException e) {
            notUsable(name, e.code().name(), String.valueOf(e.getMessage()));
        }
        if (session != null) {
            session.close();
        }
        return null;
    }

    /** What the person who watches is told; of several sources, what is wrong with the best. */
    Trouble trouble() {
        return trouble;
    }

    private void notUsable(String source, String code, String reason) {
        if (trouble.equals(Trouble.NONE)) {
            trouble = new Trouble(code, "This host has no picture of its screen (" + source + "): " + reason + ".");
        }
        if (complained.add(source + ": " + reason)) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue(Keys.CODE, code)
                    .addKeyValue(Keys.REASON, reason)
                    .log("picture source not usable");
        }
    }

    static String nameOf(ServiceCandidate<CaptureSource> candidate) {
        return candidate.kinds().stream()
                .filter(kind -> !kind.equals(AUTO))
                .findFirst()
                .orElse(candidate.name());
    }
}
