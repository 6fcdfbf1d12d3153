// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @ParameterizedTest
    @ValueSource(strings = {"1.8", "9", "11", "17", "21", "24", "?", ""})
    void an_older_java_is_told_what_is_needed(String specification) {
        assertThat(Main.tooOld(specification, specification + ".0.1", "/usr/lib/jvm/old"))
                .contains("needs Java 25", specification + ".0.1", "/usr/lib/jvm/old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "26", "100"})
    void a_java_of_the_time_will_do(String specification) {
        assertThat(Main.tooOld(specification, specification, "/jdk")).isEmpty();
    }

    @Test
    void the_class_is_one_that_java_8_loads() throws IOException {
        try (InputStream in = Main.class.getResourceAsStream("Main.class")) {
            byte[] head = in.readNBytes(8);
            assertThat(head[7]).as("major version").isEqualTo((byte) 52);
        }
    }
}
