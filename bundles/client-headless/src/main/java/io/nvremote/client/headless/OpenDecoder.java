// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.DecoderSession.Decoded;
import io.nvremote.lib.plugins.CallCost;
import io.nvremote.lib.plugins.OpenPlugin;
import io.nvremote.lib.plugins.ServiceObserver;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import io.nvremote.media.Size;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One open decoder session, held to its contract: of each unit at most one picture, with the unit's sequence, on the thread that decodes,
 * before the call returns; and one if it says so.
 *
 * <p><b>Threads.</b> {@link #decode} one at a time, on any; {@link #abandon} and {@link #closeQuietly} from any.
 */
final class OpenDecoder extends OpenPlugin<Decoder, DecoderSession> implements FrameSink {

    private final Codec codec;
    private final FrameSink pictures;
    private @Nullable Predicate<Size> expected;
    private @Nullable CallCost cost;
    private @Nullable Thread decoding;
    private long sequence;
    private @Nullable Size made;
    private @Nullable String wrong;
    private volatile boolean abandoned;

    /**
     * Opens a session; runs the vendor's code.
     *
     * @param pictures takes those that are as they should be, on the thread that decodes
     * @throws PluginFault with whatever that threw
     */
    OpenDecoder(ServiceCandidate<Decoder> from, Codec codec, FrameSink pictures, ServiceObserver observer) {
        super(from, observer);
        this.codec = codec;
        this.pictures = pictures;
        openBy(decoder -> decoder.open(codec, this));
    }

    Codec codec() {
        return codec;
    }

    /** Size of the last picture, handed on or not; null: the last unit gave none. */
    @Nullable
    Size made() {
        return made;
    }

    /**
     * Decodes one unit.
     *
     * @param sizes a picture of another size is not handed on
     * @throws PluginFault if the decoder threw or broke its contract
     */
    Decoded decode(AccessUnit unit, Predicate<Size> sizes) {
        made = null;
        wrong = null;
        expected = sizes;
        sequence = unit.sequence();
        decoding = Thread.currentThread();
        Decoded decoded;
        try {
            AccessUnit lent = new AccessUnit(
                    unit.codec(), unit.data().asReadOnlyBuffer(), unit.keyFrame(), unit.sequence(), unit.stamps());
            decoded = ask(Duration.ZERO, asked -> {
                cost = asked;
                return opened().decode(lent);
            });
        } finally {
            decoding = null;
        }
        if (wrong == null && decoded == null) {
            wrong = "did not say what came of a unit";
        }
        if (wrong == null && (decoded == Decoded.PICTURE) != (made != null)) {
            wrong = made == null ? "said that it made a picture and handed none over" : "made a picture and denied it";
        }
        if (wrong != null) {
            throw PluginFault.of(wrong);
        }
        return decoded;
    }

    /** Its call is waited for no longer: what it hands over from now on is nobody's. */
    void abandon() {
        abandoned = true;
    }

    /** From the vendor's code, within {@link #decode}; later or from elsewhere it is nobody's. */
    @Override
    public void accept(@Nullable Frame frame) {
        CallCost costs = cost;
        if (abandoned || Thread.currentThread() != decoding || costs == null) {
            return;
        }
        costs.without(() -> judge(frame));
    }

    /** Whatever is thrown here is thrown by what it handed over. */
    private void judge(@Nullable Frame frame) {
        try {
            if (made != null) {
                wrong = "handed over two pictures of one unit";
            } else if (frame == null || frame.surface() == null || frame.stamps() == null) {
                wrong = "handed over nothing";
            } else if (frame.sequence() != sequence) {
                wrong = "handed over a picture of another unit";
            } else {
                Size size = frame.size();
                if (expected == null || expected.test(size)) {
                    pictures.accept(frame);
                }
                made = size;
            }
        } catch (Throwable unreadable) { // Pixels outside of the memory that it says, for one.
            wrong = "handed over a picture that can't be read: "
                    + unreadable.getClass().getSimpleName();
        }
    }
}
