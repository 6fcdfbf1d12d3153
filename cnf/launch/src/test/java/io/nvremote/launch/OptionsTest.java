// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void all_are_read_in_both_forms_and_in_their_order() {
        Options options = Options.of("--config", "a", "--data=d", "-Dx.y=1=2", "--config=b.json", "--check");
        assertThat(options.mode()).isEqualTo(Options.Mode.CHECK);
        assertThat(options.config()).containsExactly(Path.of("a"), Path.of("b.json"));
        assertThat(options.data()).isEqualTo(Path.of("d").toAbsolutePath());
        assertThat(options.properties()).containsEntry("x.y", "1=2").hasSize(1);
        assertThat(Options.of().mode()).isEqualTo(Options.Mode.RUN);
        assertThat(Options.of("--check", "--help").mode()).isEqualTo(Options.Mode.HELP);
    }

    @ParameterizedTest
    @CsvSource({
        "--config,--config needs a path",
        "--config --check,--config needs a path",
        "--data=,--data needs a path",
        "--confg a,What is --confg?",
        "a.json,What is a.json?",
        "-Dx,What is -Dx?",
        "-D=x,What is -D=x?",
        "--check --print-config,ask one at a time",
    })
    void what_is_not_understood_is_said_with_what_is(String line, String words) {
        assertThatThrownBy(() -> Options.of(line.split(" ")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(words);
    }
}
