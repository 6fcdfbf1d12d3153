// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.lib.plugins.OpenPlugin;
import io.nvremote.lib.services.PluginFault;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One open encoder session, held to its contract: for each frame one unit of the right codec, with the frame's sequence, on the thread
 * that encodes, before the call returns; a key frame when one is wanted and not otherwise; in time.
 *
 * <p>What the encoder hands over is copied and goes on only when its call has returned well: nothing of ours runs on top of its code,
 * and a frame that failed has sent nothing.
 *
 * <p><b>Threads.</b> {@link #encode} one at a time; {@link #closeQuietly} from any.
 */
final class OpenEncoder extends OpenPlugin<Encoder, EncoderSession> implements AccessUnitSink {

    /** So many key frames in a row that nobody asked for, or so many slow pictures in a row, are a fault. */
    private static final int TOO_MANY = 3;

    /** A unit is never much larger than the picture it codes. */
    private static final int SPARE_BYTES = 1 << 20;

    /** Units that are lost, from the first to the last of these sequences. */
    private record Loss(long first, long last) {

        static Loss with(@Nullable Loss before, Loss more) {
            return before == null
                    ? more
                    : new Loss(Math.min(before.first, more.first), Math.max(before.last, more.last));
        }
    }

    private final AtomicReference<@Nullable Loss> lost = new AtomicReference<>();
    private final EncodeSpec spec;
    private final Clock clock = Clock.system();
    private volatile @Nullable Thread encoding;
    private @Nullable AccessUnit made;
    private @Nullable String wrong;
    private ByteBuffer copy = ByteBuffer.allocate(0);
    private int unasked;
    private int slow;
    private boolean more;

    /** The rate that the encoder was told last; how far it follows is its own matter, and may cost it a key frame. */
    private Bitrate told;

    private boolean retargeted;

    /**
     * Opens a session for the spec's pictures at the rate that the path carries; runs the vendor's code.
     *
     * @param running whether the plugin has the stream already, in another session or in one that was lost
     * @throws PluginFault with whatever that threw
     */
    OpenEncoder(ServiceCandidate<Encoder> from, EncodeSpec spec, Bitrate target, boolean running, ServiceWatch watch) {
        super(from, watch);
        this.spec = spec;
        this.told = target;
        EncodeSpec now =
                new EncodeSpec(spec.codec(), spec.size(), spec.rate(), target, spec.sampling(), spec.pictures());
        openBy(encoder -> running ? encoder.takeOver(now, this) : encoder.open(now, this));
    }

    EncodeSpec spec() {
        return spec;
    }

    /** From the vendor's code, within {@link #encode}; later or from elsewhere it is nobody's. */
    @Override
    public void accept(@Nullable AccessUnit unit) {
        if (Thread.currentThread() != encoding) {
            return;
        }
        if (made != null) {
            wrong = "handed over two units of one picture";
        } else if (unit == null || unit.data() == null || unit.stamps() == null) {
            wrong = "handed over nothing";
        } else if (unit.data().remaining()
                > 4L * spec.size().width() * spec.size().height() + SPARE_BYTES) {
            wrong = "handed over " + unit.data().remaining() + " bytes, more than the picture has";
        } else {
            made = own(unit);
        }
    }

    private AccessUnit own(AccessUnit unit) {
        ByteBuffer data = unit.data().duplicate();
        if (copy.capacity() < data.remaining()) {
            copy = ByteBuffer.allocate(2 * data.remaining());
        }
        copy.clear().put(data).flip();
        return new AccessUnit(unit.codec(), copy.asReadOnlyBuffer(), unit.keyFrame(), unit.sequence(), unit.stamps());
    }

    /** The client has lost these units for good: the encoder hears it with {@link #at}. From any thread. */
    void lost(long firstSequence, long lastSequence) {
        lost.accumulateAndGet(new Loss(firstSequence, lastSequence), Loss::with);
    }

    /**
     * Tells the encoder of another rate and of what was lost since; runs the vendor's code if there is anything to tell.
     *
     * @throws PluginFault with whatever that threw
     */
    OpenEncoder at(Bitrate target) {
        Loss since = lost.getAndSet(null);
        if (since != null) {
            call(session -> session.lost(since.first(), since.last()));
        }
        retargeted = !told.equals(target);
        if (retargeted) {
            told = target;
            call(session -> session.retarget(target));
        }
        return this;
    }

    /**
     * Encodes one frame.
     *
     * @param slowest a picture that takes longer is too slow
     * @return its unit, valid until the next call
     * @throws PluginFault if the encoder threw or broke its contract
     */
    AccessUnit encode(Frame frame, boolean keyFrame, Duration slowest) {
        return make(frame, keyFrame, slowest, open -> open.encode(new BorrowedFrame(frame), keyFrame));
    }

    /** The same picture again, sharper; {@link #couldGain} says whether once more could gain anything. Otherwise as {@link #encode}. */
    AccessUnit refine(Frame frame, Duration slowest) {
        return make(frame, false, slowest, open -> more = open.refine(new BorrowedFrame(frame)));
    }

    boolean couldGain() {
        return more;
    }

    private AccessUnit make(Frame frame, boolean keyFrame, Duration slowest, Work<EncoderSession> work) {
        made = null;
        wrong = null;
        long begin = clock.nanos();
        encoding = Thread.currentThread();
        try {
            call(work);
        } finally {
            encoding = null;
        }
        AccessUnit unit = made;
        String fault = wrong == null ? fault(unit, frame, keyFrame) : wrong;
        slow = clock.nanos() - begin > slowest.toNanos() ? slow + 1 : 0;
        if (fault == null && slow >= TOO_MANY) {
            fault = TOO_MANY + " pictures in a row took longer than " + slowest;
        }
        if (unit == null || fault != null) {
            throw PluginFault.of(fault == null ? "made no usable access unit of a frame" : fault);
        }
        return unit;
    }

    private @Nullable String fault(@Nullable AccessUnit unit, Frame frame, boolean keyFrame) {
        if (unit == null || (keyFrame && !unit.keyFrame())) {
            return "made no usable access unit of a frame";
        }
        if (!spec.codec().equals(unit.codec())) {
            return "made a unit of another codec";
        }
        if (unit.sequence() != frame.sequence()) {
            return "made a unit of another picture";
        }
        String form = UnitForm.wrong(unit.codec(), unit.data(), unit.keyFrame());
        if (form != null) {
            return "made " + form;
        }
        unasked = unit.keyFrame() && !keyFrame && !retargeted ? unasked + 1 : 0;
        return unasked >= TOO_MANY ? "makes key frames that nobody asked for" : null;
    }
}
