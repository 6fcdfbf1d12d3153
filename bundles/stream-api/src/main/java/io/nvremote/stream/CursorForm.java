// SPDX-License-Identifier: Apache-2.0
package io.nvremote.stream;

import io.nvremote.core.StreamException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;

/** The binary form of the pointer's shapes, whole and in parts. Stateless. */
final class CursorForm {

    private CursorForm() {}

    static void write(ByteBuffer out, StreamMessage.CursorShape m) {
        head(out, m.serial(), m.hotX(), m.hotY(), m.width(), m.height());
        pixels(out, m.argb(), m.width(), m.height());
    }

    static void write(ByteBuffer out, StreamMessage.CursorRows m) {
        int most = StreamMessage.CursorRows.MAX_SIDE;
        int rows = m.width() == 0 ? 0 : m.argb().remaining() / m.width();
        if (m.width() > most || m.height() > most || m.firstRow() < 0 || m.firstRow() + rows > m.height()) {
            throw StreamMessages.bad("holds " + rows + " rows of a cursor of " + m.width() + "x" + m.height());
        }
        head(out, m.serial(), m.hotX(), m.hotY(), m.width(), m.height());
        out.putShort(StreamMessages.unsigned16("first row", m.firstRow()));
        pixels(out, m.argb(), m.width(), rows);
    }

    private static void head(ByteBuffer out, long serial, int hotX, int hotY, int width, int height) {
        out.putLong(serial)
                .putShort(StreamMessages.unsigned16("hot x", hotX))
                .putShort(StreamMessages.unsigned16("hot y", hotY))
                .putShort(StreamMessages.unsigned16("width", width))
                .putShort(StreamMessages.unsigned16("height", height));
    }

    private static void pixels(ByteBuffer out, IntBuffer from, int width, int rows) {
        int pixels = Math.multiplyExact(width, rows);
        if (width < 1 || rows < 1 || pixels > StreamMessage.CursorShape.MAX_PIXELS) {
            throw StreamMessages.bad("holds a cursor of " + width + "x" + rows);
        }
        IntBuffer argb = from.duplicate();
        if (argb.remaining() != pixels) {
            throw StreamMessages.bad("holds a cursor of " + pixels + " pixels with " + argb.remaining() + " colours");
        }
        while (argb.hasRemaining()) {
            out.putInt(argb.get());
        }
    }

    static StreamMessage.CursorShape readShape(ByteBuffer in) {
        long serial = in.getLong();
        int hotX = Short.toUnsignedInt(in.getShort());
        int hotY = Short.toUnsignedInt(in.getShort());
        int width = Short.toUnsignedInt(in.getShort());
        int height = Short.toUnsignedInt(in.getShort());
        if (in.remaining() != 4L * width * height) {
            throw wrong(width, height, in);
        }
        return new StreamMessage.CursorShape(serial, hotX, hotY, width, height, pixels(in, width, height));
    }

    static StreamMessage.CursorRows readRows(ByteBuffer in) {
        long serial = in.getLong();
        int hotX = Short.toUnsignedInt(in.getShort());
        int hotY = Short.toUnsignedInt(in.getShort());
        int width = Short.toUnsignedInt(in.getShort());
        int height = Short.toUnsignedInt(in.getShort());
        int firstRow = Short.toUnsignedInt(in.getShort());
        int most = StreamMessage.CursorRows.MAX_SIDE;
        int rows = width == 0 ? 0 : in.remaining() / 4 / width;
        if (width > most || height > most || in.remaining() != 4L * width * rows || firstRow + rows > height) {
            throw wrong(width, height, in);
        }
        return new StreamMessage.CursorRows(serial, hotX, hotY, width, height, firstRow, pixels(in, width, rows));
    }

    private static IntBuffer pixels(ByteBuffer in, int width, int rows) {
        long pixels = (long) width * rows;
        if (pixels < 1 || pixels > StreamMessage.CursorShape.MAX_PIXELS) {
            throw wrong(width, rows, in);
        }
        IntBuffer argb = IntBuffer.allocate((int) pixels);
        while (argb.hasRemaining()) {
            argb.put(in.getInt());
        }
        return argb.flip().asReadOnlyBuffer();
    }

    private static StreamException wrong(int width, int height, ByteBuffer in) {
        return StreamMessages.bad("holds a cursor of " + width + "x" + height + " in " + in.remaining() + " bytes");
    }
}
