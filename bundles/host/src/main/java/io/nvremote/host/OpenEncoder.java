// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open encoder session, held to its contract: a unit for each frame, a key frame when one is wanted.
 *
 * <p><b>Threads.</b> {@link #encode} one at a time; {@link #closeQuietly} from any.
 */
final class OpenEncoder implements AccessUnitSink {

    private static final Logger LOG = LoggerFactory.getLogger(OpenEncoder.class);

    private final ServiceCandidate<Encoder> from;
    private final EncodeSpec spec;
    private final AccessUnitSink out;
    private @Nullable EncoderSession session;
    private boolean keyFrameAsked;
    private boolean made;

    private OpenEncoder(ServiceCandidate<Encoder> from, EncodeSpec spec, AccessUnitSink out) {
        this.from = from;
        this.spec = spec;
        this.out = out;
    }

    /** Whatever the vendor's {@link Encoder#open} throws passes through. */
    static OpenEncoder open(ServiceCandidate<Encoder> from, EncodeSpec spec, AccessUnitSink out) {
        OpenEncoder opened = new OpenEncoder(from, spec, out);
        opened.session = from.service().open(spec, opened);
        return opened;
    }

    ServiceCandidate<Encoder> from() {
        return from;
    }

    EncodeSpec spec() {
        return spec;
    }

    /** From the vendor's code, within {@link #encode}. */
    @Override
    public void accept(AccessUnit unit) {
        if (keyFrameAsked && !unit.keyFrame()) {
            return; // Nobody could decode it: counts as not made.
        }
        made = true;
        out.accept(unit);
    }

    void encode(Frame frame, boolean keyFrame) {
        begin(keyFrame).encode(frame, keyFrame);
        checkMade();
    }

    /** The same picture again, sharper; returns whether once more could gain anything. */
    boolean refine(Frame frame) {
        boolean more = begin(false).refine(frame);
        checkMade();
        return more;
    }

    private EncoderSession begin(boolean keyFrame) {
        EncoderSession open = session;
        if (open == null) {
            throw new StreamException(EncodeError.DEVICE_LOST, "the encoder is not open");
        }
        keyFrameAsked = keyFrame;
        made = false;
        return open;
    }

    private void checkMade() {
        if (!made) {
            throw new StreamException(EncodeError.DEVICE_LOST, "the encoder made no usable access unit of a frame");
        }
    }

    void closeQuietly() {
        EncoderSession open = session;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (RuntimeException | LinkageError e) {
            LOG.atWarn().setCause(e).addKeyValue(Keys.PLUGIN, from).log("encoder did not close");
        }
    }
}
