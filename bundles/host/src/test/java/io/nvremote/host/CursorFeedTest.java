// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.Cursor;
import io.nvremote.stream.StreamMessage;
import io.nvremote.stream.StreamMessages;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorFeedTest {

    private final CursorFeed feed = new CursorFeed();
    private final List<StreamMessage> told = new ArrayList<>();

    /** Sends through the wire's form, as the channel does. */
    private void take(Cursor cursor) {
        feed.take(cursor, message -> told.add(StreamMessages.read(StreamMessages.write(message))));
    }

    private static Cursor cursor(long serial, int x, int width, int height) {
        IntBuffer argb = IntBuffer.allocate(width * height);
        for (int i = 0; i < width * height; i++) {
            argb.put(0xFF000000 | i);
        }
        return new Cursor(
                serial, x, 5, width - 1, height - 1, width, height, argb.flip().asReadOnlyBuffer());
    }

    @Test
    void shapes_of_every_size_up_to_256_arrive_whole_and_uncut() {
        for (int[] size :
                new int[][] {{1, 1}, {120, 120}, {121, 120}, {16, 256}, {256, 16}, {128, 128}, {256, 256}, {200, 97}}) {
            told.clear();
            take(cursor(size[0] * 1000L + size[1], 3, size[0], size[1]));
            IntBuffer seen = IntBuffer.allocate(size[0] * size[1]);
            for (StreamMessage message : told) {
                switch (message) {
                    case StreamMessage.CursorShape shape -> seen.put(shape.argb());
                    case StreamMessage.CursorRows rows -> {
                        assertThat(rows.firstRow() * size[0]).isEqualTo(seen.position());
                        assertThat(rows.hotX()).isEqualTo(size[0] - 1);
                        seen.put(rows.argb());
                    }
                    default -> assertThat(message).isInstanceOf(StreamMessage.CursorMoved.class);
                }
            }
            assertThat(seen.hasRemaining()).as("%dx%d", size[0], size[1]).isFalse();
            assertThat(seen.flip()).isEqualTo(cursor(0, 0, size[0], size[1]).argb());
            assertThat(told.getLast()).isInstanceOf(StreamMessage.CursorMoved.class);
        }
    }

    @Test
    void a_larger_one_is_scaled_with_its_hot_spot_and_not_cut() {
        IntBuffer argb = IntBuffer.allocate(512 * 300);
        for (int i = 0; i < 512 * 300; i++) {
            argb.put(i % 512 < 256 ? 0xFF0000FF : 0xFF00FF00);
        }
        take(new Cursor(1, 0, 0, 500, 298, 512, 300, argb.flip().asReadOnlyBuffer()));
        StreamMessage.CursorRows first = (StreamMessage.CursorRows) told.getFirst();
        assertThat(List.of(first.width(), first.height(), first.hotX(), first.hotY()))
                .containsExactly(256, 150, 250, 149);
        assertThat(first.argb().get(0)).isEqualTo(0xFF0000FF);
        assertThat(first.argb().get(255)).isEqualTo(0xFF00FF00);
    }

    @Test
    void only_what_changed_is_told_until_somebody_new_comes() {
        take(cursor(1, 3, 8, 8));
        take(cursor(1, 3, 8, 8));
        assertThat(told).hasSize(2);
        take(cursor(1, 4, 8, 8));
        assertThat(told).hasSize(3);
        feed.forget();
        take(cursor(1, 4, 8, 8));
        assertThat(told).hasSize(5);
    }
}
