// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.Cursor;
import io.nvremote.stream.StreamMessage;
import java.nio.IntBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns what the pointer is now into messages about what changed. Not safe for threads. */
final class CursorFeed {

    private @Nullable Cursor last;

    /** Says everything again: a client came. */
    void forget() {
        last = null;
    }

    void take(Cursor now, Consumer<StreamMessage> out) {
        Cursor before = last;
        last = now;
        if (before == null || before.serial() != now.serial()) {
            tell(now, out);
        }
        if (before == null || before.serial() != now.serial() || before.x() != now.x() || before.y() != now.y()) {
            out.accept(new StreamMessage.CursorMoved(now.serial(), now.x(), now.y()));
        }
    }

    /** In one message, or in as many as its rows need; one that is larger than any of them may be is scaled down. */
    private static void tell(Cursor large, Consumer<StreamMessage> out) {
        Cursor cursor = fitted(large);
        int width = cursor.width();
        int height = cursor.height();
        IntBuffer argb = cursor.argb();
        if (width * height <= StreamMessage.CursorShape.MAX_PIXELS) {
            out.accept(new StreamMessage.CursorShape(
                    cursor.serial(), cursor.hotX(), cursor.hotY(), width, height, argb.duplicate()));
            return;
        }
        int rowsAtOnce = StreamMessage.CursorShape.MAX_PIXELS / width;
        for (int row = 0; row < height; row += rowsAtOnce) {
            int pixels = Math.min(rowsAtOnce, height - row) * width;
            IntBuffer part = argb.slice(argb.position() + row * width, pixels);
            out.accept(new StreamMessage.CursorRows(
                    cursor.serial(), cursor.hotX(), cursor.hotY(), width, height, row, part));
        }
    }

    /** The same, no larger than {@link StreamMessage.CursorRows#MAX_SIDE}: each pixel is the mean of those it stands for. */
    private static Cursor fitted(Cursor large) {
        int longest = Math.max(large.width(), large.height());
        int factor = (longest + StreamMessage.CursorRows.MAX_SIDE - 1) / StreamMessage.CursorRows.MAX_SIDE;
        if (factor <= 1) {
            return large;
        }
        int width = (large.width() + factor - 1) / factor;
        int height = (large.height() + factor - 1) / factor;
        IntBuffer argb = IntBuffer.allocate(width * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                argb.put(mean(large, x * factor, y * factor, factor));
            }
        }
        return new Cursor(
                large.serial(),
                large.x(),
                large.y(),
                large.hotX() / factor,
                large.hotY() / factor,
                width,
                height,
                argb.flip().asReadOnlyBuffer());
    }

    private static int mean(Cursor from, int left, int top, int side) {
        int[] sums = new int[4];
        for (int y = top; y < Math.min(top + side, from.height()); y++) {
            for (int x = left; x < Math.min(left + side, from.width()); x++) {
                int pixel = from.argb().get(from.argb().position() + y * from.width() + x);
                for (int part = 0; part < 4; part++) {
                    sums[part] += (pixel >>> (8 * part)) & 0xFF;
                }
            }
        }
        int of = side * side;
        return (sums[0] / of) | ((sums[1] / of) << 8) | ((sums[2] / of) << 16) | ((sums[3] / of) << 24);
    }
}
