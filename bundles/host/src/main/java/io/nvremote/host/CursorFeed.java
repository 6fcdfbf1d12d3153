// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.Cursor;
import io.nvremote.stream.StreamMessage;
import java.nio.IntBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns what the pointer is now into messages about what changed. Not safe for threads. */
final class CursorFeed {

    private static final int MAX_SIDE = 120;

    private @Nullable Cursor last;

    /** Says everything again: a client came. */
    void forget() {
        last = null;
    }

    void take(Cursor now, Consumer<StreamMessage> out) {
        Cursor before = last;
        last = now;
        if (before == null || before.serial() != now.serial()) {
            out.accept(shape(now));
        }
        if (before == null || before.serial() != now.serial() || before.x() != now.x() || before.y() != now.y()) {
            out.accept(new StreamMessage.CursorMoved(now.serial(), now.x(), now.y()));
        }
    }

    /** A shape that does not fit one message is cropped to its upper left part. */
    private static StreamMessage.CursorShape shape(Cursor cursor) {
        int width = Math.min(cursor.width(), MAX_SIDE);
        int height = Math.min(cursor.height(), MAX_SIDE);
        IntBuffer pixels = IntBuffer.allocate(width * height);
        for (int y = 0; y < height; y++) {
            pixels.put(cursor.argb().slice(cursor.argb().position() + y * cursor.width(), width));
        }
        return new StreamMessage.CursorShape(
                cursor.serial(),
                cursor.hotX(),
                cursor.hotY(),
                width,
                height,
                pixels.flip().asReadOnlyBuffer());
    }
}
