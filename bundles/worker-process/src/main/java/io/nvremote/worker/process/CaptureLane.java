// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker.process;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.Cursor;
import io.nvremote.core.StreamException;
import io.nvremote.lib.workers.ContractFields;
import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.PictureMemory;
import io.nvremote.lib.workers.PictureNote;
import io.nvremote.lib.workers.ProtocolFault;
import io.nvremote.media.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session of a picture source. */
final class CaptureLane extends Lane {

    private final CaptureSource source;
    private final PictureMemory memory;
    private volatile @Nullable CaptureSession open;
    /** A picture of this grab was handed over; of the lane's thread. */
    private boolean handedOver;

    CaptureLane(MessageChannel host, Connect connect, int session, CaptureSource source, Path folder) {
        super(host, connect, session, "capture");
        this.source = source;
        memory = new PictureMemory(folder, "capture-" + session);
    }

    @Override
    void handle(MessageType type, long asked, FieldReader fields) throws IOException {
        switch (type) {
            case OPEN -> {
                open = source.open(ContractFields.captureSpec(fields));
                reply(MessageType.DONE, asked, new FieldWriter());
            }
            case GRAB -> grab(asked, Duration.ofNanos(fields.longNumber()));
            case REFRESH -> session().refresh();
            case CURSOR -> cursor(asked, fields.longNumber());
            case DISPLAYS -> {
                List<String> displays = session().displays();
                FieldWriter names = new FieldWriter().number(displays.size());
                displays.forEach(names::text);
                answer(MessageType.DONE, asked, names);
            }
            case RELEASE -> memory.release(fields.text(), fields.number());
            case CLOSE -> {
                CaptureSession session = open;
                if (session != null) {
                    session.close();
                }
                memory.close();
                answer(MessageType.DONE, asked, new FieldWriter());
            }
            default -> throw new ProtocolFault("nothing to ask of a source: " + type);
        }
    }

    private CaptureSession session() {
        CaptureSession session = open;
        if (session == null) {
            throw new StreamException(CaptureError.SOURCE_LOST, "the capture session is not open");
        }
        return session;
    }

    private void grab(long asked, Duration timeout) throws IOException {
        handedOver = false;
        CaptureSession.Grab grab = session().grab(timeout, frame -> handOver(asked, frame));
        if (!handedOver) {
            reply(MessageType.DONE, asked, new FieldWriter().flag(grab == CaptureSession.Grab.CLOSED));
        }
    }

    private void handOver(long asked, Frame frame) {
        try {
            PictureNote note = memory.put(frame);
            if (note == null) { // the host holds all there is; the next one takes its place
                session().refresh();
                return;
            }
            FieldWriter fields = new FieldWriter();
            note.put(fields);
            handedOver = true;
            reply(MessageType.PICTURE, asked, fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shape travels only where the host does not know it. */
    private void cursor(long asked, long known) throws IOException {
        Cursor cursor = session().cursor();
        FieldWriter fields = new FieldWriter().flag(cursor != null);
        if (cursor != null) {
            fields.number(cursor.serial()).number(cursor.x()).number(cursor.y());
            fields.flag(cursor.serial() != known);
            if (cursor.serial() != known) {
                fields.number(cursor.hotX()).number(cursor.hotY());
                fields.number(cursor.width()).number(cursor.height()).bytes(bytes(cursor));
            }
        }
        answer(MessageType.DONE, asked, fields);
    }

    private static ByteBuffer bytes(Cursor cursor) {
        ByteBuffer bytes =
                ByteBuffer.allocate(cursor.argb().remaining() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(cursor.argb().duplicate());
        return bytes;
    }
}
