// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "101", "1000", "", "x", "1.5", "01", " 1"})
    void a_limit_that_is_not_1_to_100_is_refused(String limit) {
        assertThatThrownBy(() -> Page.of(limit, null))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RestError.FIELD_INVALID));
    }

    @Test
    void without_a_limit_a_page_has_100_items() {
        assertThat(Page.of(null, null)).isEqualTo(new Page(100, null));
        assertThat(Page.of("100", "x")).isEqualTo(new Page(100, "x"));
    }

    @Test
    void the_pages_of_a_list_of_any_length_are_the_list() {
        for (int length = 0; length < 12; length++) {
            List<Integer> all = IntStream.range(0, length).boxed().toList();
            for (int size = 1; size < 5; size++) {
                List<Integer> read = new ArrayList<>();
                int pages = 0;
                Items<Integer> items = null;
                do {
                    items = new Page(size, items == null ? null : items.next()).itemsOfAll(all, n -> n, n -> n);
                    read.addAll(items.items());
                } while (items.next() != null && ++pages < 20);
                assertThat(read).as(length + " by " + size).isEqualTo(all);
            }
        }
    }

    @Test
    void a_full_page_names_the_next_one_and_another_is_the_last() {
        assertThat(new Page(2, null).items(List.of(1, 2), n -> n, n -> n).next())
                .isEqualTo("2");
        assertThat(new Page(3, null).items(List.of(1, 2), n -> n, n -> n).next())
                .isNull();
    }

    @Test
    void behind_a_cursor_that_is_unknown_there_is_nothing() {
        assertThat(new Page(2, "9").itemsOfAll(List.of(1, 2, 3), n -> n, n -> n).items())
                .isEmpty();
    }
}
