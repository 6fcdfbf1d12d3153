// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The fields of a message in the order they were written. Nothing is read beyond its end. For one thread. */
public final class FieldReader {

    private final ByteBuffer buffer;

    FieldReader(ByteBuffer buffer) {
        this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer need(int bytes) throws ProtocolFault {
        if (bytes < 0 || buffer.remaining() < bytes) {
            throw new ProtocolFault("a message ends before its fields do");
        }
        return buffer;
    }

    public boolean flag() throws ProtocolFault {
        return need(1).get() != 0;
    }

    public int number() throws ProtocolFault {
        return need(Integer.BYTES).getInt();
    }

    public long longNumber() throws ProtocolFault {
        return need(Long.BYTES).getLong();
    }

    /** A number of things that follow, each of a byte at least. */
    public int count() throws ProtocolFault {
        int count = number();
        need(count);
        return count;
    }

    public String text() throws ProtocolFault {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    /** Part of the message's own memory, read-only and in the order of a new buffer. */
    public ByteBuffer bytes() throws ProtocolFault {
        int length = number();
        ByteBuffer part = need(length).slice(buffer.position(), length).asReadOnlyBuffer();
        buffer.position(buffer.position() + length);
        return part;
    }
}
