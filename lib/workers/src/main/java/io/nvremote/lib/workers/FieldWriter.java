// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The fields of a message, written one after the other, little-endian. For one thread. */
public final class FieldWriter {

    private static final int FIRST_BYTES = 256;

    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
            buffer =
                    ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
        }
        return buffer;
    }

    public FieldWriter flag(boolean value) {
        room(1).put(value ? (byte) 1 : 0);
        return this;
    }

    public FieldWriter number(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public FieldWriter number(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    public FieldWriter text(String value) {
        return bytes(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** A copy of what remains in {@code value}, with its length. */
    public FieldWriter bytes(ByteBuffer value) {
        ByteBuffer source = value.duplicate();
        number(source.remaining());
        room(source.remaining()).put(source);
        return this;
    }

    /** What was written so far; valid until more is. */
    ByteBuffer content() {
        return buffer.duplicate().flip();
    }
}
