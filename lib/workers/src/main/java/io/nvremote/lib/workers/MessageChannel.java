// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages over a connected socket: {@code u32 length of what follows the head, u16 type, u16 session, u64 call}, little-endian, then the
 * fields.
 *
 * <p><b>Threads.</b> {@link #receive} belongs to one; {@link #send}, {@link #add} and {@link #close} to any.
 */
public final class MessageChannel implements AutoCloseable {

    /** More than the largest access unit; a worker that says more is not believed. */
    public static final int LONGEST_BYTES = 64 << 20;

    private static final int HEAD_BYTES = 16;
    private static final int READ_BYTES = 64 << 10;

    private final SocketChannel socket;
    private final ReentrantLock sending = new ReentrantLock();
    private final List<ByteBuffer> out = new ArrayList<>();
    private final ByteBuffer in =
            ByteBuffer.allocateDirect(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

    /** Owns the socket, which blocks. */
    public MessageChannel(SocketChannel socket) {
        this.socket = socket;
    }

    /** Says this, and what was {@link #add added} before it: whoever waits for the last of them wakes once. */
    public void send(MessageType type, int session, long call, FieldWriter fields) throws IOException {
        sending.lock();
        try {
            add(type, session, call, fields);
            ByteBuffer[] whole = out.toArray(ByteBuffer[]::new);
            out.clear();
            do {
                socket.write(whole);
            } while (Arrays.stream(whole).anyMatch(ByteBuffer::hasRemaining));
        } finally {
            sending.unlock();
        }
    }

    /** Says this with the next one that is sent. The fields are read then. */
    public void add(MessageType type, int session, long call, FieldWriter fields) {
        ByteBuffer content = fields.content();
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(content.remaining())
                .putShort((short) type.number())
                .putShort((short) session)
                .putLong(call)
                .flip();
        sending.lock();
        try {
            out.add(head);
            out.add(content);
        } finally {
            sending.unlock();
        }
    }

    /**
     * Waits for the next message.
     *
     * @throws EOFException if the other side is gone, also in the middle of a message
     * @throws ProtocolFault for what is no message
     */
    public Message receive() throws IOException {
        fill(HEAD_BYTES);
        long length = Integer.toUnsignedLong(in.getInt());
        int number = Short.toUnsignedInt(in.getShort());
        int session = Short.toUnsignedInt(in.getShort());
        long call = in.getLong();
        MessageType type = MessageType.of(number);
        if (type == null || length > LONGEST_BYTES) {
            throw new ProtocolFault("no message: type " + number + ", " + length + " bytes");
        }
        return new Message(type, session, call, new FieldReader(content((int) length)));
    }

    private ByteBuffer content(int length) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(length);
        while (content.hasRemaining()) {
            if (!in.hasRemaining()) {
                fill(1);
            }
            int part = Math.min(in.remaining(), content.remaining());
            content.put(in.slice(in.position(), part));
            in.position(in.position() + part);
        }
        return content.flip();
    }

    /** Reads until there are so many bytes, and whatever came with them. */
    private void fill(int bytes) throws IOException {
        if (in.remaining() >= bytes) {
            return;
        }
        in.compact();
        try {
            while (in.position() < bytes) {
                if (socket.read(in) < 0) {
                    throw new EOFException("the other side is gone");
                }
            }
        } finally {
            in.flip();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
