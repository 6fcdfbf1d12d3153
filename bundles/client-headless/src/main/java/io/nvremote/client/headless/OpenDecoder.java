// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.FrameSink;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of a stream: always the best that is here for the codec of the unit that comes. It changes at a key frame, where nothing
 * refers back. What was opened of one that is gone goes on until then if another can take over there. One thread.
 */
final class OpenDecoder implements AutoCloseable {

    private final RankedServices<Decoder> decoders;
    private final FrameSink sink;
    private @Nullable ServiceCandidate<Decoder> inUse;
    private final AtomicBoolean changed = new AtomicBoolean();
    private final Runnable unlisten;
    private @Nullable Codec codec;
    private @Nullable DecoderSession session;

    OpenDecoder(RankedServices<Decoder> decoders, FrameSink sink) {
        this.decoders = decoders;
        this.sink = sink;
        this.unlisten = decoders.onChange(() -> changed.set(true));
    }

    /** Opens the best decoder of that codec, if there is one and it is not in use already. */
    void ready(Codec wanted) {
        ServiceCandidate<Decoder> best = decoders.best(wanted.name()).orElse(null);
        if (best != null && best.equals(inUse) && wanted.equals(codec)) {
            return;
        }
        letGo();
        if (best != null) {
            session = best.service().open(wanted, sink);
            inUse = best;
            codec = wanted;
        }
    }

    /** Decodes one unit; without a decoder, and for the first unit of a new one, only a key frame helps. */
    DecoderSession.Decoded decode(AccessUnit unit) {
        if (unit.keyFrame() || !unit.codec().equals(codec) || isGone(unit.codec())) {
            ready(unit.codec());
        }
        DecoderSession open = session;
        return open == null ? DecoderSession.Decoded.NEED_KEY_FRAME : open.decode(unit);
    }

    private boolean isGone(Codec wanted) {
        ServiceCandidate<Decoder> used = inUse;
        return used == null
                || (!decoders.holds(used) && decoders.best(wanted.name()).isEmpty());
    }

    /** Whether a better one waits for a key frame; true once, when the decoders changed. */
    boolean wantsKeyFrame() {
        return codec != null
                && changed.getAndSet(false)
                && decoders.best(codec.name())
                        .filter(best -> !best.equals(inUse))
                        .isPresent();
    }

    @Override
    public void close() {
        unlisten.run();
        letGo();
    }

    private void letGo() {
        DecoderSession open = session;
        session = null;
        inUse = null;
        codec = null;
        if (open != null) {
            open.close();
        }
    }
}
