// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Sampling;
import io.nvremote.media.Size;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A GPU's encoder as long as somebody may want it: opens the driver with the first stream, admits streams, and ends them all when it
 * goes. A driver that is not there is looked for again with each stream. Safe for any thread.
 */
final class NvencDevice implements Encoder, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NvencDevice.class);

    private final NvencSettings settings;
    private final Clock clock;
    private final Supplier<NvencGpu> gpus;
    private final Set<NvencSession> open = new HashSet<>();
    private @Nullable NvencGpu gpu;
    /** Streams that are open or being opened. */
    private int users;

    private boolean closed;

    NvencDevice(NvencSettings settings, Clock clock) {
        this(
                settings,
                clock,
                () -> NvencGpu.open(
                        new Cuda(settings.driverFolder()), new NvencLibrary(settings.driverFolder()), settings.gpu()));
    }

    /** {@code gpus} opens the settings' GPU. */
    NvencDevice(NvencSettings settings, Clock clock, Supplier<NvencGpu> gpus) {
        this.settings = settings;
        this.clock = clock;
        this.gpus = gpus;
    }

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        return open(spec, sink, false);
    }

    @Override
    public EncoderSession takeOver(EncodeSpec spec, AccessUnitSink sink) {
        return open(spec, sink, true);
    }

    private EncoderSession open(EncodeSpec spec, AccessUnitSink sink, boolean running) {
        NvencCodec codec = codec(spec);
        NvencGpu ready = use();
        boolean opened = false;
        try {
            StreamSpec stream = stream(spec, codec, ready);
            NvencSession session =
                    running ? begun(spec, stream, sink, ready, false) : admitted(spec, stream, sink, ready);
            opened = true;
            if (isLate(session)) {
                session.close();
                throw gone();
            }
            return session;
        } finally {
            if (!opened) {
                unuse();
            }
        }
    }

    private static StreamSpec stream(EncodeSpec spec, NvencCodec codec, NvencGpu ready) {
        Size size = new Size(spec.size().width() & ~1, spec.size().height() & ~1);
        Capabilities can = ready.capabilities(codec);
        if (!can.takes(size)) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    "NVENC on " + ready.name() + " makes " + codec + " of " + can.sizes() + ": " + spec.size());
        }
        return new StreamSpec(codec, size, spec.rate(), NvencSession.clamped(spec.bitrate()));
    }

    /**
     * A new stream, one at a time over all processes. It gets a session only if the driver has one more beside it: asked each time, since
     * neither the driver's limit nor what other programs take of it can be known. A GPU of a single session keeps none in reserve.
     */
    private NvencSession admitted(EncodeSpec spec, StreamSpec stream, AccessUnitSink sink, NvencGpu ready) {
        NvencSlots slots = slots(ready);
        return slots.inTurn(() -> {
            int others = slots.used();
            if (others > 0 && others >= settings.sessionsMax() - 1) {
                throw slots.full(others);
            }
            return begun(spec, stream, sink, ready, others > 0);
        });
    }

    private NvencSession begun(
            EncodeSpec spec, StreamSpec stream, AccessUnitSink sink, NvencGpu ready, boolean leavesOneMore) {
        NvencSlots.Slot slot = slots(ready).take();
        try {
            NvencCoder coder = ready.coder(stream, clock);
            if (leavesOneMore) {
                leaveOneMore(ready, coder);
            }
            return new NvencSession(spec, sink, coder, clock, ended -> ended(ended, slot));
        } catch (RuntimeException | Error e) {
            slot.close();
            throw e;
        }
    }

    private static void leaveOneMore(NvencGpu ready, NvencCoder coder) {
        boolean left = false;
        try {
            left = ready.hasOneMore();
        } finally {
            if (!left) {
                coder.close();
            }
        }
        if (!left) {
            throw new StreamException(
                    EncodeError.DEVICE_FULL,
                    "NVENC on " + ready.name() + " has one more session alone, in reserve for streams that run");
        }
    }

    private NvencSlots slots(NvencGpu ready) {
        return new NvencSlots(settings.slotsFolder(), ready.uuid(), settings.sessionsMax(), clock);
    }

    /**
     * What needs no driver to be refused. Pictures in any memory will do: those of the GPU's own context are read where they are, all
     * others are had by {@link io.nvremote.media.Frame#host()}.
     */
    private static NvencCodec codec(EncodeSpec spec) {
        NvencCodec codec = NvencCodec.of(spec.codec())
                .orElseThrow(() -> new StreamException(
                        EncodeError.SPEC_REFUSED,
                        "NVENC makes " + List.of(NvencCodec.values()) + " only: " + spec.codec()));
        if (!spec.sampling().equals(Sampling.YUV420_8)) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    "the NVENC encoder makes " + Sampling.YUV420_8 + " only: " + spec.sampling());
        }
        if (!DevicePicture.takes(spec.pictures().format())) {
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    "the NVENC encoder takes BGRA and NV12: "
                            + spec.pictures().format().name());
        }
        return codec;
    }

    /** The GPU, opened if it is not; it stays open until as many {@link #unuse}. */
    private synchronized NvencGpu use() {
        if (closed) {
            throw gone();
        }
        NvencGpu ready = gpu;
        if (ready == null) {
            ready = gpus.get();
            gpu = ready;
            LOG.atInfo()
                    .addKeyValue(Keys.GPU, ready.uuid())
                    .addKeyValue("gpu_name", ready.name())
                    .addKeyValue("api", ready.library().api().toString())
                    .log("NVENC is open");
        }
        users++;
        return ready;
    }

    private synchronized void unuse() {
        users--;
        closeGpu();
    }

    private static StreamException gone() {
        return new StreamException(EncodeError.DEVICE_LOST, "the NVENC encoder is going away");
    }

    private synchronized boolean isLate(NvencSession session) {
        open.add(session);
        return closed;
    }

    private void ended(NvencSession session, NvencSlots.Slot slot) {
        slot.close();
        synchronized (this) {
            open.remove(session);
        }
        unuse();
    }

    /** Once the last stream of a device that goes has ended, which may be after {@link #close}. */
    private void closeGpu() {
        NvencGpu last = gpu;
        if (closed && users == 0 && last != null) {
            gpu = null;
            last.close();
        }
    }

    /** UUID of the GPU that is open; empty if none is. */
    synchronized String gpuInUse() {
        return gpu == null ? "" : gpu.uuid();
    }

    /** Ends all streams. Idempotent. */
    @Override
    public void close() {
        List<NvencSession> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(open);
        }
        left.forEach(NvencSession::close);
        synchronized (this) {
            closeGpu();
        }
    }
}
