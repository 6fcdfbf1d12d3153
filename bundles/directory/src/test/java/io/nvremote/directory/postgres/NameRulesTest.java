// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.directory.DirectoryError;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ada",
                "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", // Persian, with a non-joiner
                "\u0915\u094D\u200D\u0937", // Hindi, with a joiner after the virama
                "\u0DC1\u0DCA\u200D\u0DBB\u0DD3 \u0DBD\u0D82\u0D9A\u0DCF", // Sinhala
                "\uD83D\uDC69\u200D\uD83D\uDCBB", // woman technologist
                "\uD83D\uDC69\uD83C\uDFFD\u200D\uD83D\uDE80", // with a skin tone
                "\uD83C\uDFF3\uFE0F\u200D\uD83C\uDF08", // rainbow flag
                "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F", // England
                "\u5DE5\u4F5C\u7AD9-7"
            })
    void names_of_every_script_and_emoji_are_names(String name) {
        assertThat(NameRules.name("a name", " " + name + " ")).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a\u200Cda", // invisible between Latin letters
                "a\u200Dda",
                "\u200DAda",
                "\u0645\u200C",
                "\u0645\u200C\u200C\u0645",
                "7\u200D7",
                "\u0430\u200C\u0430", // Cyrillic
                "Ada\u202Exe", // direction override
                "Ada\u2066x",
                "Ada\u0000",
                "Ada\nx",
                "Ada\u0085",
                "Ada\u2028x",
                "Ada\uD800",
                "Ada\uDB40\uDC67", // a tag without a flag
                "\uFEFFAda"
            })
    void what_nobody_sees_or_what_turns_the_line_is_no_name(String name) {
        assertThatThrownBy(() -> NameRules.name("a name", name))
                .hasFieldOrPropertyWithValue("code", DirectoryError.NAME_REFUSED);
    }
}
