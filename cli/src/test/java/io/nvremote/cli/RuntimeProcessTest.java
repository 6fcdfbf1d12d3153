// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RuntimeProcessTest {

    private static final List<String> REPEATED =
            Collections.nCopies(40, "10:00:01.000 WARN  HostSignals is without it");

    @Test
    void what_a_runtime_ended_of_is_its_first_errors_whatever_is_repeated_after_them() {
        List<String> log = Stream.of(List.of("10:00:00.000 INFO  begins", "10:00:00.100 ERROR the cause"), REPEATED)
                .flatMap(List::stream)
                .toList();

        assertThat(RuntimeProcess.telling(log)).containsExactly("10:00:00.100 ERROR the cause");
    }

    @Test
    void without_errors_the_last_warnings_or_else_the_last_lines() {
        List<String> lines =
                IntStream.range(0, 40).mapToObj(each -> "line " + each).toList();

        assertThat(RuntimeProcess.telling(REPEATED)).hasSize(12);
        assertThat(RuntimeProcess.telling(lines)).hasSize(12).last().isEqualTo("line 39");
    }
}
