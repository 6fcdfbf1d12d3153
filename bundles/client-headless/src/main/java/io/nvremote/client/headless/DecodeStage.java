// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession.Decoded;
import io.nvremote.lib.plugins.PhaseIn;
import io.nvremote.lib.plugins.PluginUser;
import io.nvremote.lib.plugins.ServiceObserver;
import io.nvremote.lib.services.PluginCalls;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.FrameSink;
import io.nvremote.media.Size;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decode node of one stream: access units in, pictures out, whichever decoder makes them.
 *
 * <p>A better decoder ({@link PhaseIn}) is opened beside the one in use and takes over at a key frame, where nothing refers back. If it fails
 * with that, the one in use gets the same unit, so no picture is lost either way. One whose bundle goes decodes on until another
 * can take over, for a short while. One that fails in the middle is replaced on the spot; the new one begins with the next key frame.
 *
 * <p><b>Threads.</b> {@link #uses}, {@link #inUse} and the figures from any; the rest belongs to the stream's thread. The decoders' own
 * code runs on other threads, each call in bounded time.
 */
final class DecodeStage implements PluginUser, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DecodeStage.class);

    /** For so long one that is gone decodes on, until a key frame comes for another; its bundle has five seconds to stop. */
    static final Duration GOES_ON = Duration.ofSeconds(3);

    private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

    /** What came of a unit. */
    enum Outcome {
        PICTURE,
        /** The unit is damaged or refers to a picture that never came. */
        UNDECODABLE,
        /** There is no decoder, or one that begins with the next key frame. */
        PASSED_OVER
    }

    private final RankedServices<Decoder> services;
    private final PictureSizes sizes;
    private final ServiceObserver observer;
    private final DecodeFigures figures;
    private final PhaseIn<Decoder, OpenDecoder> decoders;
    private final OncePerUnit pictures;
    private final DecoderChoice choice;
    private final PluginCalls decoding;
    /** Who debugs has all the time. */
    private final PluginCalls debugging = new PluginCalls("client-decoder-debugged", Duration.ofDays(1));

    private final Clock clock;

    private boolean needsKeyFrame;
    private boolean lent;
    private long goneNanos;
    private long askedNanos;

    /**
     * @param told the size of the pictures as the host says it; null while it has not
     */
    DecodeStage(DecodeParts parts, FrameSink pictures, Supplier<@Nullable Size> told, DecodeFigures figures) {
        this.services = parts.decoders();
        this.sizes = new PictureSizes(told);
        this.observer = parts.observer();
        this.figures = figures;
        this.clock = Clock.system();
        this.pictures = new OncePerUnit(pictures);
        this.choice = new DecoderChoice(parts, this.pictures, figures);
        this.decoding = new PluginCalls("client-decoder", parts.limits().hang());
        this.decoders =
                new PhaseIn<>("decoder", services, choice, parts.limits().open(), () -> {});
        this.askedNanos = clock.nanos() - ASK_AGAIN_NANOS;
    }

    @Override
    public boolean uses(long serviceId) {
        return decoders.uses(serviceId);
    }

    /** Name and version of the decoder in use; null while there is none. */
    @Nullable
    ServiceCandidate<Decoder> inUse() {
        OpenDecoder active = decoders.current();
        return active == null ? null : active.from();
    }

    // ---- the stream's thread ----

    /** Opens the best decoder of that codec, if there is one. */
    void prepare(Codec wanted) {
        want(wanted);
        openBest(wanted);
    }

    /** Decodes one unit; without a decoder, and for the first unit of a new one, only a key frame helps. */
    Outcome decode(AccessUnit unit) {
        lent = false;
        pictures.next();
        want(unit.codec());
        settle();
        OpenDecoder ready = unit.keyFrame() ? decoders.take() : null;
        if (ready != null) {
            return takeOver(ready, unit);
        }
        return decodeWithBest(unit);
    }

    /** Whether a decoder that was given up still has the bytes of the last unit. */
    boolean isLent() {
        return lent;
    }

    private void want(Codec wanted) {
        if (choice.want(wanted)) {
            decoders.reconsider();
        }
    }

    /** Between two units: begins to open a better decoder, and lets go of one that is gone for too long. */
    void settle() {
        decoders.look();
        OpenDecoder active = decoders.current();
        if (active == null || services.holds(active.from())) {
            goneNanos = 0;
            return;
        }
        long now = clock.nanos();
        goneNanos = goneNanos == 0 ? now : goneNanos;
        if (now - goneNanos > GOES_ON.toNanos() || choice.choices().findFirst().isEmpty()) {
            decoders.letGo();
            figures.swapped();
            openBest(active.codec());
        }
    }

    /** Whether a key frame is wanted, for a better decoder to begin with; again after a while. */
    boolean wantsKeyFrame() {
        long now = clock.nanos();
        if (!decoders.isReady() || now - askedNanos < ASK_AGAIN_NANOS) {
            return false;
        }
        askedNanos = now;
        return true;
    }

    /** The one that is ready makes the key frame's picture, or the one in use gets the same unit. */
    private Outcome takeOver(OpenDecoder ready, AccessUnit unit) {
        OpenDecoder before = decoders.current();
        if (!ready.codec().equals(unit.codec())) {
            decoders.discard(ready);
            decoders.reconsider();
            return decodeWithBest(unit);
        }
        Predicate<Size> familiar = before == null ? DecodeStage::any : sizes::isFamiliar;
        try {
            boolean picture = call(ready, unit, familiar) == Decoded.PICTURE;
            if (picture && familiar.test(madeBy(ready))) {
                tookOver(ready);
                return Outcome.PICTURE;
            }
        } catch (PluginFault e) {
            fails(ready, e);
            decoders.discard(ready);
            return decodeWithBest(unit);
        }
        Size doubted = ready.made();
        decoders.discard(ready);
        Outcome outcome = decodeWithBest(unit);
        judge(ready, doubted, before, outcome);
        return outcome;
    }

    private static Size madeBy(OpenDecoder decoder) {
        Size made = decoder.made();
        if (made == null) {
            throw new IllegalStateException("a picture has a size");
        }
        return made;
    }

    /** Only the one before can tell whether the unit or the new decoder is to blame: it has decoded the same key frame. */
    private void judge(OpenDecoder ready, @Nullable Size doubted, @Nullable OpenDecoder before, Outcome outcome) {
        Size right = before == decoders.current() && before != null ? before.made() : null;
        if (outcome != Outcome.PICTURE || right == null) {
            decoders.reconsider();
        } else if (doubted == null) {
            choice.failed(ready.from(), "could not decode a key frame that another decoder decodes");
        } else if (!doubted.equals(right)) {
            choice.failed(ready.from(), "made a picture of " + doubted + " of one of " + right);
        } else {
            decoders.reconsider();
        }
    }

    private void tookOver(OpenDecoder ready) {
        decoders.use(ready);
        needsKeyFrame = false;
        sizes.begin(ready.made());
        figures.swapped();
        LOG.atInfo().addKeyValue(Keys.PLUGIN, ready.from()).log("decoder took over");
    }

    private Outcome decodeWithBest(AccessUnit unit) {
        OpenDecoder active = decoders.current();
        if (active == null || !active.codec().equals(unit.codec())) {
            active = openBest(unit.codec());
        }
        while (active != null) {
            if (needsKeyFrame && !unit.keyFrame()) {
                return Outcome.PASSED_OVER;
            }
            try {
                Decoded decoded = call(active, unit, DecodeStage::any);
                checkSize(active);
                needsKeyFrame &= decoded != Decoded.PICTURE;
                sizes.shown(active.made());
                return decoded == Decoded.PICTURE ? Outcome.PICTURE : Outcome.UNDECODABLE;
            } catch (PluginFault e) {
                fails(active, e);
                decoders.letGo();
                figures.swapped();
            }
            active = openBest(unit.codec());
        }
        return Outcome.PASSED_OVER;
    }

    private static boolean any(Size size) {
        return true;
    }

    private Decoded call(OpenDecoder open, AccessUnit unit, Predicate<Size> sizes) {
        PluginCalls calls = observer.isInDevelopment(open.from()) ? debugging : decoding;
        return calls.make(() -> open.decode(unit, sizes));
    }

    /** Pictures of another size than the host's are wrong in the end; if there is no other decoder they have to do. */
    private void checkSize(OpenDecoder active) {
        Size right = sizes.wrong(active.made());
        if (right != null && choice.choices().anyMatch(other -> !other.equals(active.from()))) {
            sizes.begin(null);
            throw PluginFault.of("makes pictures of " + active.made() + " of a stream of " + right);
        }
    }

    /** Set aside before it is let go of: in between it must not look as if it were there to be tried. */
    private void fails(OpenDecoder open, PluginFault why) {
        open.abandon();
        lent = true;
        choice.failed(open.from(), String.valueOf(why.getMessage()));
    }

    /** The best that opens, in use from here on and needing a key frame; null if none does. */
    private @Nullable OpenDecoder openBest(Codec wanted) {
        OpenDecoder ready = decoders.take();
        if (ready != null && ready.codec().equals(wanted)) {
            return begins(ready);
        } else if (ready != null) {
            decoders.discard(ready);
        }
        for (ServiceCandidate<Decoder> candidate : choice.candidates()) {
            OpenDecoder opened = choice.openNow(candidate, wanted);
            if (opened != null) {
                return begins(opened);
            }
        }
        decoders.letGo();
        return null;
    }

    private OpenDecoder begins(OpenDecoder opened) {
        decoders.use(opened);
        needsKeyFrame = true;
        return opened;
    }

    @Override
    public void close() {
        decoders.abandon();
        OpenDecoder active = decoders.current();
        if (active != null) {
            active.abandon();
        }
        decoders.close();
    }
}
