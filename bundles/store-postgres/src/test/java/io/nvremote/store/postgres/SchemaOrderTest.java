// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaOrderTest {

    @Test
    void whoever_is_required_comes_first_in_whatever_order_they_are_given() {
        List<ProviderSteps> those = new ArrayList<>(providers("a:d e, b:, c:a b, d:b, e:d, f:"));
        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(those, new Random(seed));
            List<String> order =
                    SchemaOrder.of(those).stream().map(ProviderSteps::provider).toList();
            assertThat(order).containsExactly("b", "d", "e", "a", "c", "f");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                a:b, b:a          | require each other: a -> b -> a
                a:a               | require each other: a -> a
                a:b, b:c, c:d, d:b| require each other: b -> c -> d -> b
                a:b, b:x          | the tables of b require those of x
                a:, a:            | two bundles bring the tables of a
                """)
    void an_order_that_there_is_not_is_refused_with_the_names(String providers, String message) {
        assertThatThrownBy(() -> SchemaOrder.of(providers(providers)))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(StoreError.SCHEMA_INCOMPLETE))
                .hasMessageContaining(message);
    }

    /** {@code name:required required, name:…}. */
    private static List<ProviderSteps> providers(String text) {
        return Arrays.stream(text.split(","))
                .map(one -> one.strip().split(":", 2))
                .map(one -> new ProviderSteps(one[0], words(one[1]), List::of))
                .toList();
    }

    private static Set<String> words(String text) {
        return Arrays.stream(text.strip().split(" "))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }
}
