// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.stream.StreamMessage;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;

/** Puts a large pointer shape together from its rows. One thread at a time. */
final class CursorAssembly {

    private long serial;
    private int nextRow;
    private IntBuffer argb = IntBuffer.allocate(0);

    /** The whole shape when these were its last rows; null before, and for rows that fit nothing that began. */
    StreamMessage.@Nullable CursorShape add(StreamMessage.CursorRows part) {
        if (part.firstRow() == 0) {
            serial = part.serial();
            nextRow = 0;
            argb = IntBuffer.allocate(part.width() * part.height());
        }
        IntBuffer rows = part.argb().duplicate();
        if (part.serial() != serial || part.firstRow() != nextRow || rows.remaining() > argb.remaining()) {
            return null;
        }
        nextRow += rows.remaining() / part.width();
        argb.put(rows);
        return argb.hasRemaining()
                ? null
                : new StreamMessage.CursorShape(
                        serial,
                        part.hotX(),
                        part.hotY(),
                        part.width(),
                        part.height(),
                        argb.flip().asReadOnlyBuffer());
    }
}
