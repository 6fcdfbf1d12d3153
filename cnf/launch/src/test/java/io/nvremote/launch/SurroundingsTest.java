// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurroundingsTest {

    private final Locale locale = Locale.getDefault();
    private final TimeZone zone = TimeZone.getDefault();

    @AfterEach
    void back() {
        Locale.setDefault(locale);
        TimeZone.setDefault(zone);
    }

    @ParameterizedTest
    @CsvSource({"ar-EG,IST", "fa-IR,PST", "th-TH-u-ca-buddhist-nu-thai,Asia/Calcutta", "tr-TR,America/Coyhaique"})
    void numbers_letters_and_times_are_the_same_everywhere(String language, String timeZone) {
        Locale.setDefault(Locale.forLanguageTag(language));
        TimeZone.setDefault(TimeZone.getTimeZone(timeZone));

        Surroundings.pin();

        assertThat(String.format("%d %s", 25, "TITLE".toLowerCase(Locale.getDefault())))
                .isEqualTo("25 title");
        assertThat(TimeZone.getDefault().getID()).isEqualTo("UTC");
        assertThat(java.time.ZoneId.systemDefault().getId()).isEqualTo("UTC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/gr\uFFFD\uFFFDe/x", "\uFFFD"})
    void a_path_that_cannot_be_read_is_named_with_what_to_do(String path) {
        assertThat(Surroundings.unreadablePath(Map.of("nvremote.data", path, "other", "x"), "ANSI_X3.4-1968"))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("nvremote.data=")
                        .contains("ANSI_X3.4-1968")
                        .contains("LC_ALL=C.UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/größe/工作", "/plain", ""})
    void a_path_that_can_be_read_is_none_of_that(String path) {
        assertThat(Surroundings.unreadablePath(Map.of("nvremote.data", path), "UTF-8"))
                .isEmpty();
    }
}
