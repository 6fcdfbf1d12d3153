// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings out of texts, as a worker process gets them. */
class NvfbcSettingsTest {

    @Test
    void what_is_said_reaches_a_worker_as_it_is() {
        NvfbcSettings settings =
                NvfbcSettings.of(Map.of("output", "DP-0", "private.data", "00ff", "driver.folder", "/opt/driver"));
        NvfbcSettings there = NvfbcSettings.of(settings.toMap());
        assertThat(there.output()).isEqualTo("DP-0");
        assertThat(there.privateBytes()).containsExactly(0, -1);
        assertThat(there.driverFolder()).isEqualTo(Path.of("/opt/driver"));
        assertThat(there.toString()).doesNotContain("00ff");
        assertThat(NvfbcSettings.of(NvfbcSettings.of(Map.of()).toMap()).driverFolder())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"output, DP 0", "output, '[a]'", "private.data, 0", "private.data, xy"})
    void what_can_not_be_is_refused_by_name(String key, String value) {
        assertThatThrownBy(() -> NvfbcSettings.of(Map.of(key, value)))
                .hasMessageStartingWith(NvfbcConfig.PID + " " + key);
    }

    @Test
    void private_data_is_in_no_message() {
        assertThatThrownBy(() -> NvfbcSettings.of(Map.of("private.data", "secret")))
                .hasMessageNotContaining("secret");
    }
}
