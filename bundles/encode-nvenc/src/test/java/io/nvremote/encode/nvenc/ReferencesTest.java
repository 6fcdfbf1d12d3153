// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pictures are given up for which loss. Time stamps here are sequences and 100. */
class ReferencesTest {

    /** A key frame, and pictures up to a sequence. */
    private static References upTo(long last) {
        References references = new References(4);
        for (long i = 0; i <= last; i++) {
            references.coded(i, 100 + i, i == 0);
        }
        return references;
    }

    @ParameterizedTest
    @CsvSource({
        // pictures up to, lost from, to: what is given up
        "2, 1, 1, 101 102",
        "2, 2, 2, 102",
        "2, 1, 9, 101 102",
        "2, 3, 9, ''",
        "2, 0, 0, ''",
        "2, 0, 2, ''",
        "9, 9, 9, 109",
        "9, 8, 8, 108 109",
        "9, 7, 8, 107 108 109",
        "9, 6, 6, ''",
        "9, 5, 9, ''",
        "9, 2, 3, ''",
    })
    void what_was_coded_since_goes_too_and_nothing_where_none_would_be_left(
            long upTo, long first, long last, String stamps) {
        long[] expected = Arrays.stream(stamps.split(" "))
                .filter(text -> !text.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        assertThat(upTo(upTo).lost(first, last)).isEqualTo(expected);
    }

    @Test
    void what_was_coded_after_a_loss_was_heard_of_stays_good() {
        References references = upTo(5);
        assertThat(references.lost(5, 5)).containsExactly(105);
        references.coded(6, 106, false);
        assertThat(references.lost(5, 5)).as("the same again").isEmpty();
        assertThat(references.lost(5, 6)).containsExactly(106);
        references.coded(7, 107, false);
        assertThat(references.lost(5, 5)).isEmpty();
    }

    @Test
    void a_key_frame_refers_to_nothing_before_it() {
        References references = upTo(5);
        references.coded(6, 106, true);
        references.coded(7, 107, false);
        assertThat(references.lost(2, 5)).isEmpty();
        assertThat(references.lost(2, 7)).as("the key frame is lost").isEmpty();
        assertThat(references.lost(7, 7)).containsExactly(107);
    }

    /** A picture that is refined is coded several times under one sequence. */
    @Test
    void all_units_of_one_sequence_go_together() {
        References references = upTo(2);
        references.coded(2, 103, false);
        references.coded(2, 104, false);
        assertThat(references.lost(2, 2)).containsExactly(102, 103, 104);
    }
}
