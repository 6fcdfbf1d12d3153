// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.Bitrate;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.lib.workers.ContractFields;
import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.Message;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.PictureMemory;
import io.nvremote.lib.workers.PictureNote;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.SurfaceKind;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a worker encodes. When the worker dies, or loses its device, the next one encodes the same frame as a key frame: the caller sees a picture that
 * took longer. Only when there is no next one does the session fail.
 */
final class RemoteEncoderSession implements EncoderSession {

    /** A worker with the session open in it. */
    private record Attached(WorkerProcess worker, int session, SessionChannel channel, PictureMemory memory) {}

    private final BodyWorkers workers;
    private final EncodeSpec spec;
    private final AccessUnitSink sink;
    private final ReentrantLock running = new ReentrantLock();
    private volatile Bitrate wanted;
    private volatile boolean closed;
    private volatile @Nullable Attached attached;
    /** The stream runs: a worker that comes now takes it over. */
    private volatile boolean taken;

    /** The worker's first frame is still to come; of the encoding thread. */
    private boolean fresh;

    /** {@code running}: the stream does already, elsewhere. */
    RemoteEncoderSession(BodyWorkers workers, EncodeSpec spec, AccessUnitSink sink, boolean running) {
        this.workers = workers;
        this.spec = spec;
        this.sink = sink;
        this.taken = running;
        wanted = spec.bitrate();
    }

    /** Opens the session in a worker; if that dies of it, in another. */
    void start() {
        attached(workers.body().unavailable());
    }

    private Attached attached(ErrorCode refused) {
        Attached here = attached;
        if (here == null) {
            here = workers.attach(Map.of(), refused, this::open);
            attached = here;
        }
        return here;
    }

    private Attached open(WorkerProcess worker) throws WorkerLost, IOException {
        int[] number = new int[1];
        PictureMemory[] memory = new PictureMemory[1];
        number[0] = worker.begin(message -> released(memory[0], message));
        memory[0] = new PictureMemory(worker.folder(), "encode-" + number[0]);
        FieldWriter fields = new FieldWriter().number(Body.NUMBER);
        // The worker's pictures are copies in memory that the CPU reads, wherever they come from.
        ContractFields.put(
                fields,
                new EncodeSpec(
                        spec.codec(),
                        spec.size(),
                        spec.rate(),
                        wanted,
                        spec.sampling(),
                        SurfaceKind.host(spec.pictures().format())));
        fields.flag(taken);
        SessionChannel channel = worker.open(number[0], fields, workers.startLimit());
        try {
            channel.hear(workers.startLimit()).orThrow(EncodeError.DEVICE_UNAVAILABLE);
        } catch (WorkerLost | IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        fresh = true;
        taken = true;
        return new Attached(worker, number[0], channel, memory[0]);
    }

    private static void released(PictureMemory memory, Message message) {
        try {
            memory.release(message.fields().text(), message.fields().number());
        } catch (IOException e) {
            throw new IllegalArgumentException(e); // of a message that is none: the reader ends the worker
        }
    }

    @Override
    public void encode(Frame frame, boolean forceKeyFrame) {
        run(frame, forceKeyFrame, false);
    }

    @Override
    public boolean refine(Frame frame) {
        return run(frame, false, true);
    }

    private boolean run(Frame frame, boolean forceKeyFrame, boolean sharper) {
        running.lock();
        try {
            while (true) {
                if (closed) {
                    throw new StreamException(EncodeError.DEVICE_LOST, "the encoder session is closed");
                }
                Attached here = attached(workers.body().lost());
                try {
                    return encode(here, frame, forceKeyFrame, sharper);
                } catch (WorkerLost e) {
                    closed |= e.isInterrupted();
                    lose(here, e.reason());
                } catch (IOException e) {
                    lose(here, String.valueOf(e.getMessage()));
                }
            }
        } finally {
            if (closed) {
                release();
            }
            running.unlock();
        }
    }

    private void lose(Attached here, String reason) {
        attached = null;
        here.channel().close();
        closeMemory(here);
        if (closed) {
            workers.leave(here.worker());
        } else {
            workers.died(here.worker(), reason);
        }
    }

    private static void closeMemory(Attached here) {
        try {
            here.memory().close();
        } catch (IOException e) {
            // The file's folder goes with the worker.
        }
    }

    private boolean encode(Attached here, Frame frame, boolean forceKeyFrame, boolean sharper)
            throws WorkerLost, IOException {
        PictureNote note = here.memory().put(frame);
        if (note == null) {
            throw new IOException("keeps all pictures that it was lent");
        }
        FieldWriter fields = new FieldWriter().flag(forceKeyFrame || fresh).flag(sharper && !fresh);
        note.put(fields);
        Answer answer = here.channel().call(MessageType.ENCODE, fields, workers.callLimit());
        if (answer.type() == MessageType.FAULT) {
            here.memory().release(note.file(), note.slot());
            throw fault(answer);
        }
        boolean more = answer.fields().flag();
        if (answer.fields().flag()) {
            here.memory().release(note.file(), note.slot());
        }
        fresh = false;
        for (Message part : answer.parts()) {
            sink.accept(unit(part.fields()));
        }
        return more;
    }

    /**
     * A worker whose device is lost is no use any more: what its process holds of it stays broken, while another process may have
     * it again. What has no code of the contract is a fault of the body's own, which another worker would repeat.
     */
    private static StreamException fault(Answer answer) throws WorkerLost, IOException {
        StreamException thrown = ContractFields.thrown(answer.fields(), EncodeError.DEVICE_UNAVAILABLE);
        if (thrown.code() == EncodeError.DEVICE_LOST) {
            throw new WorkerLost("lost its device: " + thrown.getMessage());
        }
        return thrown.code() == EncodeError.DEVICE_UNAVAILABLE
                ? new StreamException(EncodeError.DEVICE_LOST, String.valueOf(thrown.getMessage()), thrown)
                : thrown;
    }

    private static AccessUnit unit(FieldReader fields) throws IOException {
        Codec codec = new Codec(fields.text());
        boolean keyFrame = fields.flag();
        long sequence = fields.longNumber();
        var stamps = ContractFields.stamps(fields);
        return new AccessUnit(codec, fields.bytes(), keyFrame, sequence, stamps);
    }

    @Override
    public Bitrate retarget(Bitrate target) {
        Attached here = attached;
        if (here == null || closed) {
            return wanted;
        }
        wanted = target;
        try {
            FieldWriter fields = new FieldWriter().number(target.bitsPerSecond());
            Answer answer = here.worker()
                    .call(MessageType.RETARGET, here.session(), fields, workers.callLimit())
                    .orThrow(workers.body().lost());
            wanted = new Bitrate(answer.fields().longNumber());
        } catch (WorkerLost | IOException e) {
            // The next frame finds the worker gone; the one after it is opened at the rate that is wanted.
        }
        return wanted;
    }

    @Override
    public void lost(long firstSequence, long lastSequence) {
        Attached here = attached;
        if (here != null) {
            here.worker()
                    .tell(
                            MessageType.LOST,
                            here.session(),
                            new FieldWriter().number(firstSequence).number(lastSequence));
        }
    }

    @Override
    public void close() {
        closed = true;
        if (running.isHeldByCurrentThread()) {
            return; // a sink that closes the session: the running call does the rest
        }
        running.lock();
        try {
            release();
        } finally {
            running.unlock();
        }
    }

    /** Under the lock. The worker's own end closes what is open in it, but in order, so that a device is left as it should be. */
    private void release() {
        Attached here = attached;
        attached = null;
        if (here == null) {
            return;
        }
        try {
            here.worker().call(MessageType.CLOSE, here.session(), new FieldWriter(), workers.callLimit());
        } catch (WorkerLost e) {
            // It is to end anyway.
        }
        closeMemory(here);
        workers.leave(here.worker());
    }
}
