// SPDX-License-Identifier: Apache-2.0
package io.nvremote.worker.process;

import io.nvremote.core.Bitrate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.lib.workers.ContractFields;
import io.nvremote.lib.workers.FieldReader;
import io.nvremote.lib.workers.FieldWriter;
import io.nvremote.lib.workers.MessageChannel;
import io.nvremote.lib.workers.MessageType;
import io.nvremote.lib.workers.PictureNote;
import io.nvremote.lib.workers.PictureView;
import io.nvremote.lib.workers.ProtocolFault;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.LentFrame;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A session of an encoder. */
final class EncoderLane extends Lane {

    private final Encoder encoder;
    private final PictureView pictures;
    private volatile @Nullable EncoderSession open;
    private volatile @Nullable Thread encoding;
    private long call;
    private boolean free;

    EncoderLane(MessageChannel host, Connect connect, int session, Encoder encoder, Path folder) {
        super(host, connect, session, "encode");
        this.encoder = encoder;
        pictures = new PictureView(folder, this::released);
    }

    @Override
    void handle(MessageType type, long asked, FieldReader fields) throws IOException {
        switch (type) {
            case OPEN -> {
                EncodeSpec spec = ContractFields.encodeSpec(fields);
                open = fields.flag() ? encoder.takeOver(spec, this::accept) : encoder.open(spec, this::accept);
                reply(MessageType.DONE, asked, new FieldWriter());
            }
            case ENCODE -> encode(asked, fields);
            case RETARGET -> {
                Bitrate inForce = session().retarget(new Bitrate(fields.longNumber()));
                answer(MessageType.DONE, asked, new FieldWriter().number(inForce.bitsPerSecond()));
            }
            case LOST -> session().lost(fields.longNumber(), fields.longNumber());
            case CLOSE -> {
                close();
                answer(MessageType.DONE, asked, new FieldWriter());
            }
            default -> throw new ProtocolFault("nothing to ask of an encoder: " + type);
        }
    }

    private EncoderSession session() {
        EncoderSession session = open;
        if (session == null) {
            throw new StreamException(EncodeError.DEVICE_LOST, "the encoder session is not open");
        }
        return session;
    }

    private void encode(long asked, FieldReader fields) throws IOException {
        boolean keyFrame = fields.flag();
        boolean sharper = fields.flag();
        call = asked;
        boolean more = false;
        free = false;
        encoding = Thread.currentThread();
        PictureNote note = PictureNote.read(fields);
        try (LentFrame frame = pictures.open(note, note.sequence())) {
            if (sharper) {
                more = session().refine(frame);
            } else {
                session().encode(frame, keyFrame);
            }
        } finally {
            encoding = null;
        }
        reply(MessageType.DONE, asked, new FieldWriter().flag(more).flag(free));
    }

    /** From the body, within {@code encode}: the host looks at it when that is done, so it travels with the answer. */
    private void accept(AccessUnit unit) {
        FieldWriter fields = new FieldWriter()
                .text(unit.codec().name())
                .flag(unit.keyFrame())
                .number(unit.sequence());
        ContractFields.put(fields, unit.stamps());
        fields.bytes(unit.data());
        add(MessageType.UNIT, call, fields);
    }

    /** The usual picture is let go before its call returns, and the answer says so; one that a body keeps longer has its own message. */
    private void released(String file, int slot) {
        if (Thread.currentThread() == encoding) {
            free = true;
            return;
        }
        try {
            answer(MessageType.RELEASE, 0, new FieldWriter().text(file).number(slot));
        } catch (IOException e) {
            WorkerMain.end(e);
        }
    }

    private void close() {
        EncoderSession session = open;
        if (session != null) {
            session.close();
        }
        pictures.close();
    }
}
