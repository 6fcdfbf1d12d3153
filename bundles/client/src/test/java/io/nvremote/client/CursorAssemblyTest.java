// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.stream.StreamMessage;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CursorAssemblyTest {

    private final CursorAssembly assembly = new CursorAssembly();

    @Test
    void rows_in_order_become_the_whole_shape() {
        assertThat(add(7, 0, 1, 2, 3, 4)).isNull();
        assertThat(add(7, 2, 5, 6)).isNull();
        StreamMessage.CursorShape whole = add(7, 3, 7, 8);
        assertThat(whole)
                .isEqualTo(new StreamMessage.CursorShape(
                        7, 1, 3, 2, 4, IntBuffer.wrap(new int[] {1, 2, 3, 4, 5, 6, 7, 8})));
    }

    @Test
    void rows_that_fit_nothing_are_dropped_and_a_new_beginning_counts() {
        assertThat(add(7, 2, 5, 6)).as("without a beginning").isNull();
        assertThat(add(7, 0, 1, 2)).isNull();
        assertThat(add(8, 1, 3, 4)).as("of another shape").isNull();
        assertThat(add(7, 2, 3, 4)).as("one row is missing").isNull();
        assertThat(add(9, 0, 1, 2, 3, 4)).isNull();
        assertThat(add(9, 2, 5, 6, 7, 8)).isNotNull();
        assertThat(add(9, 4, 5, 6)).as("too many").isNull();
    }

    private StreamMessage.@Nullable CursorShape add(long serial, int firstRow, int... argb) {
        return assembly.add(new StreamMessage.CursorRows(serial, 1, 3, 2, 4, firstRow, IntBuffer.wrap(argb)));
    }
}
