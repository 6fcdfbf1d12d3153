// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.workers.ContractFields;
import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.PictureNote;
import io.nvremote.lib.workers.PictureView;
import io.nvremote.lib.workers.ProtocolFault;
import io.nvremote.media.FrameSink;
import io.nvremote.media.LentFrame;
import java.io.IOException;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream of pictures that a worker takes. When the worker dies, the next one goes on with the screen as it is then: the caller sees a
 * picture later. Only when there is no next one is the source lost.
 */
final class RemoteCaptureSession implements CaptureSession {

    /** A worker with the session open in it. */
    private record Attached(WorkerProcess worker, int session, SessionChannel channel, PictureView pictures) {}

    private final BodyWorkers workers;
    private final CaptureSpec spec;
    private final Map<String, String> environment;
    private final Clock clock = Clock.system();
    private final ReentrantLock running = new ReentrantLock();
    private volatile @Nullable Attached attached;
    private volatile @Nullable Cursor lastCursor;
    private volatile List<String> lastDisplays = List.of();
    private volatile boolean closed;
    private long sequence;

    RemoteCaptureSession(BodyWorkers workers, CaptureSpec spec, Map<String, String> environment) {
        this.workers = workers;
        this.spec = spec;
        this.environment = environment;
    }

    /** Opens the session in a worker; if that dies of it, in another. */
    void start() {
        attached(workers.body().unavailable());
    }

    private Attached attached(ErrorCode refused) {
        Attached here = attached;
        if (here == null) {
            here = workers.attach(environment, refused, this::open);
            attached = here;
        }
        return here;
    }

    private Attached open(WorkerProcess worker) throws WorkerLost, IOException {
        int session = worker.begin(message -> {});
        FieldWriter fields = new FieldWriter().number(Body.NUMBER);
        ContractFields.put(fields, spec);
        SessionChannel channel = worker.open(session, fields, workers.startLimit());
        try {
            channel.hear(workers.startLimit()).orThrow(CaptureError.SOURCE_UNAVAILABLE);
        } catch (WorkerLost | IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        PictureView pictures = new PictureView(
                worker.folder(),
                (file, slot) -> worker.tell(
                        MessageType.RELEASE,
                        session,
                        new FieldWriter().text(file).number(slot)));
        return new Attached(worker, session, channel, pictures);
    }

    @Override
    public Grab grab(Duration timeout, FrameSink sink) {
        running.lock();
        try {
            long until = clock.nanos() + timeout.toNanos();
            while (!closed) {
                Attached here = attached(workers.body().lost());
                try {
                    Grab grab = grab(here, Duration.ofNanos(Math.max(0, until - clock.nanos())), sink);
                    // A worker that had no memory for its picture, since what was let go is not told yet, says so at
                    // once.
                    if (grab != Grab.UNCHANGED || clock.nanos() - until >= 0) {
                        return grab;
                    }
                } catch (WorkerLost e) {
                    closed |= e.isInterrupted();
                    lose(here, e.reason());
                } catch (IOException e) {
                    lose(here, String.valueOf(e.getMessage()));
                }
            }
            return Grab.CLOSED;
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
        here.pictures().close();
        if (closed) {
            workers.leave(here.worker());
        } else {
            workers.died(here.worker(), reason);
        }
    }

    private Grab grab(Attached here, Duration timeout, FrameSink sink) throws WorkerLost, IOException {
        Answer answer = here.channel()
                .call(MessageType.GRAB, new FieldWriter().number(timeout.toNanos()), timeout.plus(workers.callLimit()))
                .orThrow(workers.body().lost());
        if (answer.type() != MessageType.PICTURE) {
            boolean over = answer.fields().flag();
            if (over && !closed) {
                throw new StreamException(CaptureError.SOURCE_LOST, "the source ended its session");
            }
            return over ? Grab.CLOSED : Grab.UNCHANGED;
        }
        try (LentFrame frame = here.pictures().open(PictureNote.read(answer.fields()), sequence++)) {
            sink.accept(frame);
        }
        return Grab.PICTURE;
    }

    @Override
    public void refresh() {
        Attached here = attached;
        if (here != null) {
            here.worker().tell(MessageType.REFRESH, here.session(), new FieldWriter());
        }
    }

    @Override
    public @Nullable Cursor cursor() {
        Attached here = attached;
        Cursor known = lastCursor;
        if (here == null || closed) {
            return known;
        }
        try {
            long serial = known == null ? -1 : known.serial();
            Answer answer = here.worker()
                    .call(MessageType.CURSOR, here.session(), new FieldWriter().number(serial), workers.callLimit())
                    .orThrow(workers.body().lost());
            Cursor now = cursor(answer.fields(), known);
            lastCursor = now;
            return now;
        } catch (WorkerLost | IOException e) {
            return known; // the next grab finds the worker gone
        }
    }

    private static @Nullable Cursor cursor(FieldReader fields, @Nullable Cursor known) throws ProtocolFault {
        if (!fields.flag()) {
            return null;
        }
        long serial = fields.longNumber();
        int x = fields.number();
        int y = fields.number();
        if (fields.flag()) {
            return new Cursor(
                    serial,
                    x,
                    y,
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.bytes().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer());
        }
        return known == null
                ? null
                : new Cursor(serial, x, y, known.hotX(), known.hotY(), known.width(), known.height(), known.argb());
    }

    @Override
    public List<String> displays() {
        Attached here = attached;
        if (here == null || closed) {
            return lastDisplays;
        }
        try {
            FieldReader fields = here.worker()
                    .call(MessageType.DISPLAYS, here.session(), new FieldWriter(), workers.callLimit())
                    .orThrow(workers.body().lost())
                    .fields();
            List<String> now = new ArrayList<>();
            for (int i = fields.count(); i > 0; i--) {
                now.add(fields.text());
            }
            lastDisplays = List.copyOf(now);
        } catch (WorkerLost | IOException e) {
            return lastDisplays; // the next grab finds the worker gone
        }
        return lastDisplays;
    }

    /** The worker's own grab returns when it is told, so that this one does. */
    @Override
    public void close() {
        closed = true;
        Attached here = attached;
        if (here != null && !running.isHeldByCurrentThread()) {
            closeIn(here);
        }
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

    private void closeIn(Attached here) {
        try {
            here.worker().call(MessageType.CLOSE, here.session(), new FieldWriter(), workers.callLimit());
        } catch (WorkerLost e) {
            // It is to end anyway.
        }
    }

    /** Under the lock. */
    private void release() {
        Attached here = attached;
        attached = null;
        if (here != null) {
            here.pictures().close();
            workers.leave(here.worker());
        }
    }
}
