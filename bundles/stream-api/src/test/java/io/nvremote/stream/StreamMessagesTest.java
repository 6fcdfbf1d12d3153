// SPDX-License-Identifier: Apache-2.0
package io.nvremote.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamMessagesTest {

    private static final List<StreamMessage> ALL = List.of(
            new StreamMessage.StreamInfo("h264", 1920, 1080, 60, "x11", "encode.software", "1.2.3"),
            new StreamMessage.Input(new InputEvent.Key(0xE1, true)),
            new StreamMessage.Input(new InputEvent.PointerTo(0, 65535)),
            new StreamMessage.Input(new InputEvent.PointerBy(-3, 7)),
            new StreamMessage.Input(new InputEvent.Button(9, false)),
            new StreamMessage.Input(new InputEvent.Wheel(0, -120)),
            new StreamMessage.Input(new InputEvent.ReleaseAll()),
            new StreamMessage.CursorMoved(12, -4, 700),
            new StreamMessage.CursorShape(
                    9, 1, 2, 3, 2, IntBuffer.wrap(new int[] {1, -2, 3, 4, 5, 6}).asReadOnlyBuffer()),
            new StreamMessage.Stats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            new StreamMessage.Ping(Long.MIN_VALUE),
            new StreamMessage.Pong(1, Long.MAX_VALUE),
            new StreamMessage.KeyFrameRequest(),
            new StreamMessage.Decoded(4711, 3),
            new StreamMessage.Bye("the person left"),
            new StreamMessage.CursorRows(
                    9, 1, 2, 3, 200, 77, IntBuffer.wrap(new int[] {1, -2, 3}).asReadOnlyBuffer()),
            new StreamMessage.Hello(List.of(
                    new DecoderCapability(Codec.AV1, new Size(3840, 2160), true),
                    new DecoderCapability(Codec.H264, new Size(1920, 1088), false))),
            new StreamMessage.Trouble("SOURCE_LOST", "the X server of :0 went away"),
            new StreamMessage.Input(new InputEvent.Lock(0x39, true)),
            new StreamMessage.Input(new InputEvent.Text("é日😀")),
            new StreamMessage.Displays(":0/DP-1", List.of(":0", ":0/DP-1", ":0/HDMI-0")),
            new StreamMessage.ShowDisplay(":0/DP-1"));

    @Test
    void every_message_reads_back_as_it_was_written() {
        for (StreamMessage message : ALL) {
            ByteBuffer bytes = StreamMessages.write(message);
            assertThat(StreamMessages.read(bytes)).isEqualTo(message);
            assertThat(bytes.position()).as("the caller's buffer is left alone").isZero();
        }
    }

    @Test
    void a_message_cut_anywhere_or_with_a_byte_too_many_is_refused() {
        for (StreamMessage message : ALL) {
            ByteBuffer bytes = StreamMessages.write(message);
            for (int cut = 0; cut < bytes.limit(); cut++) {
                ByteBuffer part = bytes.slice(0, cut);
                assertThatThrownBy(() -> StreamMessages.read(part)).isInstanceOf(StreamException.class);
            }
            ByteBuffer longer = ByteBuffer.allocate(bytes.limit() + 1)
                    .put(bytes.duplicate())
                    .put((byte) 0)
                    .flip();
            assertThatThrownBy(() -> StreamMessages.read(longer)).isInstanceOf(StreamException.class);
        }
    }

    @Test
    void an_unknown_type_is_skipped_so_that_either_end_may_be_newer() {
        assertThat(StreamMessages.read(ByteBuffer.wrap(new byte[] {99, 1, 2, 3})))
                .isNull();
    }

    @Test
    void a_cursor_whose_size_does_not_match_its_pixels_is_refused() {
        ByteBuffer bytes = StreamMessages.write(ALL.get(8));
        bytes.putShort(13, (short) 4);
        assertThatThrownBy(() -> StreamMessages.read(bytes)).hasMessageContaining("4x2");
        ByteBuffer huge = bytes.duplicate();
        huge.putShort(13, (short) -1).putShort(15, (short) -1);
        assertThatThrownBy(() -> StreamMessages.read(huge)).hasMessageContaining("65535x65535");
    }

    @Test
    void the_largest_cursor_fits_one_message_of_the_channel() {
        IntBuffer pixels = IntBuffer.allocate(StreamMessage.CursorShape.MAX_PIXELS);
        ByteBuffer bytes = StreamMessages.write(new StreamMessage.CursorShape(1, 0, 0, 120, 120, pixels));
        assertThat(bytes.remaining()).isLessThanOrEqualTo(60_000);
        IntBuffer part = IntBuffer.allocate(56 * 256);
        ByteBuffer rows = StreamMessages.write(new StreamMessage.CursorRows(1, 0, 0, 256, 256, 200, part));
        assertThat(rows.remaining()).isLessThanOrEqualTo(60_000);
        assertThatThrownBy(() -> StreamMessages.write(new StreamMessage.CursorRows(1, 0, 0, 256, 256, 201, part)))
                .hasMessageContaining("256x256");
    }

    @Test
    void a_long_text_is_cut_at_a_character_and_an_ill_formed_one_is_refused() {
        String text = "a" + "\uD83D\uDE00".repeat(400);
        StreamMessage.Bye bye =
                (StreamMessage.Bye) StreamMessages.read(StreamMessages.write(new StreamMessage.Bye(text)));
        assertThat(bye.reason()).isEqualTo("a" + "\uD83D\uDE00".repeat(127));
        ByteBuffer bad = ByteBuffer.wrap(new byte[] {9, 0, 1, (byte) 0xFF});
        assertThatThrownBy(() -> StreamMessages.read(bad)).hasMessageContaining("UTF-8");
    }

    @Test
    void noise_is_a_message_or_refused_but_never_anything_else() {
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] noise = new byte[1 + random.nextInt(64)];
            random.nextBytes(noise);
            noise[0] = (byte) (1 + random.nextInt(14));
            try {
                StreamMessage read = StreamMessages.read(ByteBuffer.wrap(noise));
                if (read != null) {
                    assertThat(StreamMessages.read(StreamMessages.write(read))).isEqualTo(read);
                }
            } catch (StreamException e) {
                assertThat(e.code()).isEqualTo(StreamError.BAD_MESSAGE);
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
