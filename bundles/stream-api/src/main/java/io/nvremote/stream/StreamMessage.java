// SPDX-License-Identifier: Apache-2.0
package io.nvremote.stream;

import io.nvremote.input.InputEvent;
import io.nvremote.media.DecoderCapability;
import java.nio.IntBuffer;
import java.util.List;

/** One message of a stream's control channel. Immutable; the buffers of {@link CursorShape} and {@link CursorRows} are read-only. */
public sealed interface StreamMessage {

    /**
     * Host to client: what is being streamed now. Sent again when a part of it changes.
     *
     * @param codec lower-case name of the video codec
     * @param fps highest frame rate; a screen at rest is sent less often
     * @param capture name of the capture source: {@code x11}, {@code testcard}
     * @param encoder name of the encoder that makes the pictures now
     * @param encoderVersion its version
     */
    record StreamInfo(
            String codec, int width, int height, int fps, String capture, String encoder, String encoderVersion)
            implements StreamMessage {}

    /** Client to host: something a person did. */
    record Input(InputEvent event) implements StreamMessage {}

    /** Host to client: the pointer moved; {@code shape} is the serial of the {@link CursorShape} to draw there. */
    record CursorMoved(long shape, int x, int y) implements StreamMessage {}

    /**
     * Host to client: what the pointer looks like.
     *
     * @param hotX the pixel of the shape that lies on the pointer's place
     * @param argb premultiplied pixels row by row, {@code width * height} of them; read-only
     */
    record CursorShape(long serial, int hotX, int hotY, int width, int height, IntBuffer argb)
            implements StreamMessage {

        /** The most pixels that fit one message; a larger shape comes as {@link CursorRows}. */
        public static final int MAX_PIXELS = 120 * 120;
    }

    /**
     * Host to client: some rows of a shape that is too large for one message. They come from the top down; with the last of them
     * the shape is what a {@link CursorShape} of this serial would have told.
     *
     * @param width of the whole shape, as height and hot spot; each at most {@link #MAX_SIDE}
     * @param argb premultiplied pixels of whole rows from {@code firstRow} on, at most {@link CursorShape#MAX_PIXELS}; read-only
     */
    record CursorRows(long serial, int hotX, int hotY, int width, int height, int firstRow, IntBuffer argb)
            implements StreamMessage {

        /** The longest side of any shape in pixels; the host scales a larger one down. */
        public static final int MAX_SIDE = 256;
    }

    /**
     * Client to host, first of all: what this client can decode. The host chooses by it what to send. A client that says nothing
     * decodes H.264.
     *
     * @param decoders best first; at most {@link #MAX_DECODERS}
     */
    record Hello(List<DecoderCapability> decoders) implements StreamMessage {

        public static final int MAX_DECODERS = 16;

        public Hello {
            decoders = List.copyOf(decoders);
        }
    }

    /**
     * Host to client: why no new pictures come. It stands until another is told, one with an empty code when pictures come again.
     *
     * @param code name of the error, {@code SOURCE_UNAVAILABLE}; empty: nothing is wrong
     * @param sentence for the person who watches
     */
    record Trouble(String code, String sentence) implements StreamMessage {

        public static final Trouble NONE = new Trouble("", "");
    }

    /**
     * Host to client, once a second: figures of this stream since it began, and of the host's process.
     *
     * @param captured pictures the source delivered
     * @param encoded access units made
     * @param sent access units handed to the transport
     * @param dropped pictures no encoder could take
     * @param swaps times the encoder changed
     * @param encoderFailures times an encoder threw, hung or went away
     * @param cpuNanos CPU time of the whole host process
     * @param residentBytes resident memory of the host process; 0 if unknown
     */
    record Stats(
            long captured,
            long encoded,
            long sent,
            long dropped,
            long bytes,
            long keyFrames,
            long swaps,
            long encoderFailures,
            long cpuNanos,
            long residentBytes)
            implements StreamMessage {}

    /**
     * Host to client: which displays there are, said when pictures begin and where there is more than one.
     *
     * @param shown the one that is asked for now; empty: the host's own choice
     * @param names as {@link ShowDisplay} takes them, {@code :0} and {@code :0/DP-1}; at most {@link #MAX_NAMES}
     */
    record Displays(String shown, List<String> names) implements StreamMessage {

        public static final int MAX_NAMES = 32;

        public Displays {
            names = List.copyOf(names.size() > MAX_NAMES ? names.subList(0, MAX_NAMES) : names);
        }
    }

    /**
     * Client to host: pictures of that display, one of {@link Displays} or any that is known to be there. One that is not is told of
     * by {@link Trouble}, and is shown when it comes.
     *
     * @param name empty: the host's own choice
     */
    record ShowDisplay(String name) implements StreamMessage {}

    /** Either way: answer with {@link Pong}. {@code nanos} is the sender's monotonic clock. */
    record Ping(long nanos) implements StreamMessage {}

    /** The answer to a ping: its {@code nanos}, and the answerer's own monotonic clock. */
    record Pong(long nanos, long ownNanos) implements StreamMessage {}

    /**
     * Client to host, about once a second while the figures change: what became of the pictures since the stream began. The host judges
     * its encoder by it.
     *
     * @param decoded pictures that were decoded
     * @param undecodable units that arrived whole and that the decoder refused
     */
    record Decoded(long decoded, long undecodable) implements StreamMessage {}

    /** Client to host: the next picture must be decodable on its own. */
    record KeyFrameRequest() implements StreamMessage {}

    /** Either way: the sender leaves the stream; nothing follows. */
    record Bye(String reason) implements StreamMessage {}
}
