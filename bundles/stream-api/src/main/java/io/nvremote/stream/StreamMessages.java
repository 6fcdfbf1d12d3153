// SPDX-License-Identifier: Apache-2.0
package io.nvremote.stream;

import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The binary form of {@link StreamMessage}; see the package for its rules. Stateless, safe for any thread. */
public final class StreamMessages {

    /** The longest text in UTF-8 bytes; a longer one is cut when written and refused when read. */
    public static final int MAX_TEXT_BYTES = 512;

    private static final int INFO = 1;
    private static final int INPUT = 2;
    private static final int CURSOR_MOVED = 3;
    private static final int CURSOR_SHAPE = 4;
    private static final int STATS = 5;
    private static final int PING = 6;
    private static final int PONG = 7;
    private static final int KEY_FRAME = 8;
    private static final int BYE = 9;
    private static final int HELLO = 10;
    private static final int TROUBLE = 11;
    private static final int CURSOR_ROWS = 12;
    private static final int DECODED = 13;
    private static final int DISPLAYS = 14;
    private static final int SHOW_DISPLAY = 15;

    private static final int KEY = 1;
    private static final int POINTER_TO = 2;
    private static final int POINTER_BY = 3;
    private static final int BUTTON = 4;
    private static final int WHEEL = 5;
    private static final int RELEASE_ALL = 6;
    private static final int LOCK = 7;
    private static final int TEXT = 8;

    private StreamMessages() {}

    /** The message as bytes, position to limit of a new buffer. */
    public static ByteBuffer write(StreamMessage message) {
        ByteBuffer out = ByteBuffer.allocate(sizeBound(message));
        switch (message) {
            case StreamMessage.StreamInfo m -> {
                out.put((byte) INFO);
                text(out, m.codec());
                out.putShort(unsigned16("width", m.width()))
                        .putShort(unsigned16("height", m.height()))
                        .putShort(unsigned16("fps", m.fps()));
                text(out, m.capture());
                text(out, m.encoder());
                text(out, m.encoderVersion());
            }
            case StreamMessage.Input m -> writeInput(out.put((byte) INPUT), m.event());
            case StreamMessage.CursorMoved m ->
                out.put((byte) CURSOR_MOVED).putLong(m.shape()).putInt(m.x()).putInt(m.y());
            case StreamMessage.CursorShape m -> CursorForm.write(out.put((byte) CURSOR_SHAPE), m);
            case StreamMessage.CursorRows m -> CursorForm.write(out.put((byte) CURSOR_ROWS), m);
            case StreamMessage.Stats m ->
                out.put((byte) STATS)
                        .putLong(m.captured())
                        .putLong(m.encoded())
                        .putLong(m.sent())
                        .putLong(m.dropped())
                        .putLong(m.bytes())
                        .putLong(m.keyFrames())
                        .putLong(m.swaps())
                        .putLong(m.encoderFailures())
                        .putLong(m.cpuNanos())
                        .putLong(m.residentBytes());
            case StreamMessage.Ping m -> out.put((byte) PING).putLong(m.nanos());
            case StreamMessage.Pong m -> out.put((byte) PONG).putLong(m.nanos()).putLong(m.ownNanos());
            case StreamMessage.Decoded m ->
                out.put((byte) DECODED).putLong(m.decoded()).putLong(m.undecodable());
            case StreamMessage.KeyFrameRequest m -> out.put((byte) KEY_FRAME);
            case StreamMessage.Bye m -> text(out.put((byte) BYE), m.reason());
            case StreamMessage.Hello m -> writeHello(out.put((byte) HELLO), m);
            case StreamMessage.Trouble m -> {
                text(out.put((byte) TROUBLE), m.code());
                text(out, m.sentence());
            }
            case StreamMessage.Displays m -> {
                text(out.put((byte) DISPLAYS), m.shown());
                out.put((byte) m.names().size());
                m.names().forEach(name -> text(out, name));
            }
            case StreamMessage.ShowDisplay m -> text(out.put((byte) SHOW_DISPLAY), m.name());
        }
        return out.flip();
    }

    /**
     * Reads one message from position to limit.
     *
     * @return the message, or null if its type is not known here: skip it
     * @throws StreamException {@link StreamError#BAD_MESSAGE}
     */
    public static @Nullable StreamMessage read(ByteBuffer message) {
        ByteBuffer in = message.slice();
        try {
            StreamMessage read = readBody(in.get(), in);
            if (read != null && in.hasRemaining()) {
                throw bad("has " + in.remaining() + " bytes too many");
            }
            return read;
        } catch (BufferUnderflowException e) {
            throw new StreamException(StreamError.BAD_MESSAGE, "a control message ends too early", e);
        }
    }

    private static @Nullable StreamMessage readBody(int type, ByteBuffer in) {
        return switch (type) {
            case INFO ->
                new StreamMessage.StreamInfo(
                        text(in),
                        Short.toUnsignedInt(in.getShort()),
                        Short.toUnsignedInt(in.getShort()),
                        Short.toUnsignedInt(in.getShort()),
                        text(in),
                        text(in),
                        text(in));
            case INPUT -> new StreamMessage.Input(readInput(in.get(), in));
            case CURSOR_MOVED -> new StreamMessage.CursorMoved(in.getLong(), in.getInt(), in.getInt());
            case CURSOR_SHAPE -> CursorForm.readShape(in);
            case CURSOR_ROWS -> CursorForm.readRows(in);
            case STATS ->
                new StreamMessage.Stats(
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong());
            case PING -> new StreamMessage.Ping(in.getLong());
            case PONG -> new StreamMessage.Pong(in.getLong(), in.getLong());
            case DECODED -> new StreamMessage.Decoded(in.getLong(), in.getLong());
            case KEY_FRAME -> new StreamMessage.KeyFrameRequest();
            case BYE -> new StreamMessage.Bye(text(in));
            case HELLO -> readHello(in);
            case TROUBLE -> new StreamMessage.Trouble(text(in), text(in));
            case DISPLAYS -> new StreamMessage.Displays(text(in), names(in));
            case SHOW_DISPLAY -> new StreamMessage.ShowDisplay(text(in));
            default -> null;
        };
    }

    private static List<String> names(ByteBuffer in) {
        int count = in.get();
        if (count < 0 || count > StreamMessage.Displays.MAX_NAMES) {
            throw bad("tells of " + count + " displays");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(text(in));
        }
        return names;
    }

    private static void writeHello(ByteBuffer out, StreamMessage.Hello hello) {
        if (hello.decoders().size() > StreamMessage.Hello.MAX_DECODERS) {
            throw bad("tells of " + hello.decoders().size() + " decoders");
        }
        out.put((byte) hello.decoders().size());
        for (DecoderCapability one : hello.decoders()) {
            text(out, one.codec().name());
            out.putShort(unsigned16("width", one.largest().width()))
                    .putShort(unsigned16("height", one.largest().height()))
                    .put(flag(one.hardware()));
        }
    }

    private static StreamMessage.Hello readHello(ByteBuffer in) {
        int count = in.get();
        if (count < 0 || count > StreamMessage.Hello.MAX_DECODERS) {
            throw bad("tells of " + count + " decoders");
        }
        List<DecoderCapability> decoders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String codec = text(in);
            int width = Short.toUnsignedInt(in.getShort());
            int height = Short.toUnsignedInt(in.getShort());
            if (!Size.valid(width, height)) {
                throw bad("tells of a decoder for pictures of " + width + "x" + height);
            }
            decoders.add(new DecoderCapability(new Codec(codec), new Size(width, height), flag(in)));
        }
        return new StreamMessage.Hello(decoders);
    }

    private static void writeInput(ByteBuffer out, InputEvent event) {
        switch (event) {
            case InputEvent.Key e ->
                out.put((byte) KEY)
                        .putShort(unsigned16("hid usage", e.hidUsage()))
                        .put(flag(e.down()));
            case InputEvent.PointerTo e ->
                out.put((byte) POINTER_TO).putShort(unsigned16("x", e.x65535())).putShort(unsigned16("y", e.y65535()));
            case InputEvent.PointerBy e ->
                out.put((byte) POINTER_BY).putInt(e.dx()).putInt(e.dy());
            case InputEvent.Button e ->
                out.put((byte) BUTTON)
                        .putShort(unsigned16("button", e.number()))
                        .put(flag(e.down()));
            case InputEvent.Wheel e ->
                out.put((byte) WHEEL).putInt(e.horizontal120()).putInt(e.vertical120());
            case InputEvent.ReleaseAll e -> out.put((byte) RELEASE_ALL);
            case InputEvent.Lock e ->
                out.put((byte) LOCK)
                        .putShort(unsigned16("hid usage", e.hidUsage()))
                        .put(flag(e.on()));
            case InputEvent.Text e -> text(out.put((byte) TEXT), e.text());
        }
    }

    private static InputEvent readInput(int kind, ByteBuffer in) {
        return switch (kind) {
            case KEY -> new InputEvent.Key(Short.toUnsignedInt(in.getShort()), flag(in));
            case POINTER_TO ->
                new InputEvent.PointerTo(Short.toUnsignedInt(in.getShort()), Short.toUnsignedInt(in.getShort()));
            case POINTER_BY -> new InputEvent.PointerBy(in.getInt(), in.getInt());
            case BUTTON -> new InputEvent.Button(Short.toUnsignedInt(in.getShort()), flag(in));
            case WHEEL -> new InputEvent.Wheel(in.getInt(), in.getInt());
            case RELEASE_ALL -> new InputEvent.ReleaseAll();
            case LOCK -> new InputEvent.Lock(Short.toUnsignedInt(in.getShort()), flag(in));
            case TEXT -> typed(text(in));
            default -> throw bad("holds an input event of unknown kind " + kind);
        };
    }

    private static InputEvent typed(String text) {
        if (text.length() > InputEvent.Text.MAX_LENGTH) {
            throw bad("types " + text.length() + " characters at once");
        }
        return new InputEvent.Text(text);
    }

    private static int sizeBound(StreamMessage message) {
        return switch (message) {
            case StreamMessage.StreamInfo m -> 7 + 4 * (MAX_TEXT_BYTES + 2);
            case StreamMessage.CursorShape m -> 17 + 4 * StreamMessage.CursorShape.MAX_PIXELS;
            case StreamMessage.CursorRows m -> 19 + 4 * StreamMessage.CursorShape.MAX_PIXELS;
            case StreamMessage.Bye m -> 3 + MAX_TEXT_BYTES;
            case StreamMessage.Hello m -> 2 + StreamMessage.Hello.MAX_DECODERS * (MAX_TEXT_BYTES + 7);
            case StreamMessage.Trouble m -> 5 + 2 * MAX_TEXT_BYTES;
            case StreamMessage.Input m -> 4 + MAX_TEXT_BYTES;
            case StreamMessage.Displays m -> 2 + (1 + m.names().size()) * (MAX_TEXT_BYTES + 2);
            case StreamMessage.ShowDisplay m -> 3 + MAX_TEXT_BYTES;
            default -> 96;
        };
    }

    private static void text(ByteBuffer out, String text) {
        int characters = text.length();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        while (bytes.length > MAX_TEXT_BYTES) {
            characters--;
            if (Character.isHighSurrogate(text.charAt(characters - 1))) {
                characters--;
            }
            bytes = text.substring(0, characters).getBytes(StandardCharsets.UTF_8);
        }
        out.putShort((short) bytes.length).put(bytes);
    }

    private static String text(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > MAX_TEXT_BYTES) {
            throw bad("holds a text of " + length + " bytes");
        }
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new StreamException(StreamError.BAD_MESSAGE, "a control message holds a text that is not UTF-8", e);
        }
    }

    private static byte flag(boolean value) {
        return (byte) (value ? 1 : 0);
    }

    private static boolean flag(ByteBuffer in) {
        return switch (in.get()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw bad("holds a flag that is neither 0 nor 1");
        };
    }

    static short unsigned16(String what, int value) {
        if (value < 0 || value > 0xFFFF) {
            throw bad("holds a " + what + " that is not 0 to 65535: " + value);
        }
        return (short) value;
    }

    static StreamException bad(String what) {
        return new StreamException(StreamError.BAD_MESSAGE, "a control message " + what);
    }
}
