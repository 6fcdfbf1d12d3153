// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.Keys;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.plugins.PhaseIn;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.stream.StreamMessage.Trouble;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Which encoders one stream may ask, and for what: the best of the codec asked for that have not refused it. One that is full is asked again after a while, one
 * that can't make what was asked when something else is asked. Safe for any thread, {@link #candidates} for one.
 */
final class EncoderChoice implements PhaseIn.Kind<Encoder, OpenEncoder> {

    private static final Logger LOG = LoggerFactory.getLogger(EncoderChoice.class);

    /** An encoder that failed before is tried again this seldom, and only when there is nothing else. */
    private static final long LAST_RESORT_EVERY_NANOS = 1_000_000_000L;

    /** An encoder that refused is asked again after so long: what it was full of may have ended. */
    private static final long ASK_AGAIN_NANOS = 2_000_000_000L;

    private static final long FOR_GOOD_NANOS = Long.MAX_VALUE / 4;

    private static final Set<ErrorCode> REFUSALS =
            Set.of(EncodeError.DEVICE_FULL, EncodeError.DEVICE_UNAVAILABLE, EncodeError.SPEC_REFUSED);

    private final RankedServices<Encoder> encoders;
    /** Before anything is asked. */
    private final Codec first;

    private final VideoMetrics metrics;
    private final ServiceWatch watch;
    private final Clock clock = Clock.system();
    /** Refused this stream without being at fault, and until when that counts: full, for a while; what was asked, for good. */
    private final Map<Long, Long> refusals = new ConcurrentHashMap<>();

    private volatile long askAgainNanos;
    private volatile Trouble trouble = Trouble.NONE;
    private long lastResortNanos;

    /** What the pictures that come now ask of an encoder. */
    private volatile @Nullable EncodeSpec asked;

    /** The plugin that made the last picture, whichever version of it; null before the first. */
    private volatile @Nullable String carrier;

    /** What the path carries now. */
    private volatile Bitrate target;

    EncoderChoice(RankedServices<Encoder> encoders, StreamPlan plan, VideoMetrics metrics, ServiceWatch watch) {
        this.encoders = encoders;
        this.first = plan.codec();
        this.target = plan.bitrate();
        this.metrics = metrics;
        this.watch = watch;
        this.askAgainNanos = clock.nanos() + FOR_GOOD_NANOS;
        this.lastResortNanos = clock.nanos() - LAST_RESORT_EVERY_NANOS;
    }

    /** Best first. */
    @Override
    public Stream<ServiceCandidate<Encoder>> choices() {
        return encoders.choices(codec().name()).stream().filter(o -> !refused(o.serviceId()));
    }

    /** What is asked of an encoder. */
    Codec codec() {
        EncodeSpec now = asked;
        return now == null ? first : now.codec();
    }

    private boolean refused(long serviceId) {
        Long until = refusals.get(serviceId);
        return until != null && until - clock.nanos() > 0;
    }

    /** The same, and when there is none now and then those that failed before. */
    List<ServiceCandidate<Encoder>> candidates() {
        List<ServiceCandidate<Encoder>> candidates = choices().toList();
        if (candidates.isEmpty() && clock.nanos() - lastResortNanos >= LAST_RESORT_EVERY_NANOS) {
            lastResortNanos = clock.nanos();
            candidates = encoders.lastResorts(codec().name()).toList();
        }
        if (encoders.choices(codec().name()).isEmpty()) {
            trouble = new Trouble(
                    HostError.NO_ENCODER.name(), "This host has no encoder for " + codec() + " that works.");
        }
        return candidates;
    }

    /** Why there was none for the last picture. */
    Trouble trouble() {
        return trouble;
    }

    /** Whether the time has come to ask one again that was full; true once. */
    boolean askAgain() {
        boolean due = askAgainNanos - clock.nanos() <= 0;
        if (due) {
            askAgainNanos = clock.nanos() + FOR_GOOD_NANOS;
        }
        return due;
    }

    /** What is asked of an encoder; null before the first picture. */
    @Nullable
    EncodeSpec asked() {
        return asked;
    }

    /** Something else is asked: what was refused may be had. */
    void ask(EncodeSpec spec) {
        asked = spec;
        refusals.clear();
    }

    Bitrate target() {
        return target;
    }

    void target(Bitrate bitrate) {
        target = bitrate;
    }

    @Override
    public @Nullable OpenEncoder open(ServiceCandidate<Encoder> candidate) {
        EncodeSpec known = asked;
        return known == null ? null : open(candidate, known);
    }

    OpenEncoder open(ServiceCandidate<Encoder> candidate, EncodeSpec spec) {
        return new OpenEncoder(candidate, spec, target, candidate.name().equals(carrier), watch);
    }

    /** It made a picture of this stream. */
    void encoded(ServiceCandidate<Encoder> by) {
        metrics.encoded.incrementAndGet();
        carrier = by.name();
    }

    @Override
    public void notOpened(ServiceCandidate<Encoder> encoder, PluginFault why) {
        if (!refuses(encoder, why)) {
            failed(encoder, String.valueOf(why.getMessage()));
        }
    }

    /** Of an encoder that was taken away meanwhile nothing is to be said. */
    @Override
    public void failed(ServiceCandidate<Encoder> encoder, String reason) {
        if (encoders.holds(encoder)) {
            metrics.encoderFailed(encoder, reason);
            watch.failed(encoder, reason);
        }
    }

    /** This stream gets on better without that encoder; false if there is no other. */
    boolean passOver(ServiceCandidate<Encoder> encoder) {
        boolean other = choices().anyMatch(one -> !one.equals(encoder));
        if (other) {
            refusals.put(encoder.serviceId(), clock.nanos() + FOR_GOOD_NANOS);
        }
        return other;
    }

    /** Whether what an encoder threw when it was opened says that it is full or unable, which is no fault. */
    private boolean refuses(ServiceCandidate<Encoder> encoder, PluginFault why) {
        ErrorCode code = why.code();
        if (code == null || !REFUSALS.contains(code)) {
            return false;
        }
        boolean passing = code != EncodeError.SPEC_REFUSED;
        trouble = new Trouble(code.name(), "This host's screen can't be encoded: " + why.reason() + ".");
        long until = clock.nanos() + (passing ? ASK_AGAIN_NANOS : FOR_GOOD_NANOS);
        boolean again = refusals.put(encoder.serviceId(), until) != null;
        askAgainNanos = passing ? until : askAgainNanos;
        LOG.atLevel(again ? Level.DEBUG : Level.WARN)
                .addKeyValue(Keys.PLUGIN, encoder)
                .addKeyValue(Keys.REASON, why.reason())
                .log("encoder refused");
        return true;
    }
}
