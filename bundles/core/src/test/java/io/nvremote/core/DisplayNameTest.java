// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayNameTest {

    @ParameterizedTest
    @CsvSource({
        "'', '', ''",
        ":0, :0, ''",
        ":0.1/DP-1, :0.1, DP-1",
        "/HDMI-0, '', HDMI-0",
        "unix/host:0, unix/host:0, ''",
        "unix/host:0/DVI-D-0, unix/host:0, DVI-D-0",
        "tcp/host, tcp/host, ''",
        "card, card, ''"
    })
    void a_screen_and_an_output_of_it_are_told_apart(String text, String screen, String output) {
        assertThat(DisplayName.of(text)).isEqualTo(new DisplayName(screen, output));
        assertThat(DisplayName.of(text)).hasToString(text);
    }
}
