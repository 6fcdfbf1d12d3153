// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;
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
    void a_stream_chooses_its_output_where_none_is_set() {
        NvfbcSettings any = NvfbcSettings.of(Map.of());
        assertThat(any.showing("DP-0").output()).isEqualTo("DP-0");
        assertThat(any.showing("").output()).isEmpty();
        NvfbcSettings one = NvfbcSettings.of(Map.of("output", "DP-0"));
        assertThat(one.showing("").output()).isEqualTo("DP-0");
        assertThat(one.showing("DP-0").output()).isEqualTo("DP-0");
        assertThatThrownBy(() -> one.showing("DP-1"))
                .hasMessageContaining("DP-1 is not shown here, only DP-0")
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SPEC_REFUSED));
    }

    @Test
    void private_data_is_in_no_message() {
        assertThatThrownBy(() -> NvfbcSettings.of(Map.of("private.data", "secret")))
                .hasMessageNotContaining("secret");
    }
}
