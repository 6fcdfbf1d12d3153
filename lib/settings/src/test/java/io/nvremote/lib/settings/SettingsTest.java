// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.CoreError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Settings READER = new Settings("io.nvremote.x");

    private enum Colour {
        RED,
        LIGHT
    }

    private static void refused(String value, Function<String, ?> reader) {
        assertThatThrownBy(() -> reader.apply(value))
                .hasFieldOrPropertyWithValue("code", CoreError.INVALID_CONFIGURATION)
                .hasMessageStartingWith("io.nvremote.x some.key=" + value.strip())
                .hasMessageContaining(": must be ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "5", "5s", "PT", "PT0.999S", "PT11S", "-PT2S", "P1000000000000D", "\u0660"})
    void a_duration_is_one_and_within_its_limits(String text) {
        refused(text, value -> READER.duration("some.key", value, Duration.ofSeconds(1), Duration.ofSeconds(10)));
    }

    @Test
    void the_limits_themselves_are_allowed() {
        Duration one = Duration.ofSeconds(1);
        Duration ten = Duration.ofSeconds(10);
        assertThat(READER.duration("some.key", " PT1S ", one, ten)).isEqualTo(one);
        assertThat(READER.duration("some.key", "PT10S", one, ten)).isEqualTo(ten);
        assertThat(READER.port("some.key", 0)).isZero();
        assertThat(READER.port("some.key", 65_535)).isEqualTo(65_535);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void what_is_no_port_is_refused(int port) {
        refused(Integer.toString(port), value -> READER.port("some.key", Integer.parseInt(value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "8 Mbps", "8mbps", "0Mbps", "-8Mbps", "8.5Mbps"})
    void a_rate_has_its_unit(String text) {
        refused(text, value -> READER.bitrate("some.key", value));
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example:8443/x,true",
        "http://127.0.0.1:8080,true",
        "http://localhost,true",
        "http://[::1]:1,true",
        "http://a.example,false",
        "https://,false",
        "https:a.example,false",
        "a.example,false",
        "ftp://a.example,false",
        "https://a.example?x=1,false",
        "https://a.example#x,false",
        "https://a b,false"
    })
    void a_server_is_reached_encrypted_or_is_this_machine(String text, boolean right) {
        if (right) {
            assertThat(READER.server("some.key", text, "https", "http")).hasToString(text);
        } else {
            refused(text, value -> READER.server("some.key", value, "https", "http"));
        }
    }

    @Test
    void choices_are_named_in_small_letters_whatever_the_language() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr", "TR")); // Where the small letter of I is none of ASCII's.
            assertThat(READER.choice("some.key", "light", Colour.class)).isEqualTo(Colour.LIGHT);
            for (String text : new String[] {"RED", "Red", "", "blue"}) {
                refused(text, value -> READER.choice("some.key", value, Colour.class));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void texts_and_paths_are_there() {
        assertThat(READER.text("some.key", " a ")).isEqualTo("a");
        assertThat(READER.path("some.key", "x")).isEqualTo(Path.of("x").toAbsolutePath());
        assertThat(READER.pathOrNone("some.key", " ")).isNull();
        refused(" ", value -> READER.text("some.key", value));
        refused("a\0b", value -> READER.path("some.key", value));
        refused("B", value -> READER.text("some.key", value, Pattern.compile("[a-z]"), "a small letter"));
    }

    @Test
    void a_text_is_one_line_and_may_be_left_out_where_that_means_something() {
        for (String text : new String[] {"a\0b", "a\nb", "a\u007fb"}) {
            refused(text, value -> READER.text("some.key", value));
            refused(text, value -> READER.textOrEmpty("some.key", value));
        }
        assertThat(READER.textOrEmpty("some.key", " ")).isEmpty();
        assertThat(READER.textOrEmpty("some.key", " a ")).isEqualTo("a");
    }

    @Test
    void a_file_can_be_read(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");
        assertThat(READER.file("some.key", file.toString())).isEqualTo(file);
        refused(folder.toString(), value -> READER.file("some.key", value));
        refused(folder.resolve("gone").toString(), value -> READER.file("some.key", value));
    }

    @Test
    void a_secret_is_somewhere_else_and_what_is_wrong_is_not_repeated(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), " s3cret\n");
        assertThat(READER.secret("some.key", "file:" + file).reveal()).isEqualTo("s3cret");
        assertThat(READER.secret("some.key", "env:PATH").reveal()).isEqualTo(System.getenv("PATH"));
        String empty = "file:" + Files.writeString(folder.resolve("empty"), "\n");
        for (String wrong : new String[] {"s3cret", "", "file:/nowhere/s3cret", "file:s3cret\0", "env:s3cret", empty}) {
            assertThatThrownBy(() -> READER.secret("some.key", wrong))
                    .hasFieldOrPropertyWithValue("code", CoreError.INVALID_CONFIGURATION)
                    .hasMessageStartingWith("io.nvremote.x some.key: must be file:")
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void a_key_of_the_past_is_refused_with_what_to_write() {
        Map<String, String> gone = Map.of("old.key", "write new.key");
        assertThatCode(() -> READER.defunct(Map.of("new.key", 1), gone)).doesNotThrowAnyException();
        assertThatThrownBy(() -> READER.defunct(Map.of("old.key", 1), gone))
                .hasMessage("io.nvremote.x old.key: is no setting any more; write new.key");
    }

    @Test
    void a_configuration_of_the_past_is_refused_with_its_name_of_today() {
        assertThat(new Settings("io.nvremote.old~a").renamed("io.nvremote.old", "io.nvremote.now.port"))
                .hasMessage(
                        "io.nvremote.old~a: is no configuration any more; write io.nvremote.now.port~a in its place");
    }
}
