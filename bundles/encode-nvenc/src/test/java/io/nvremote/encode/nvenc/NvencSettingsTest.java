// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings out of texts, as a worker process gets them. */
class NvencSettingsTest {

    @Test
    void what_is_not_said_has_its_default() {
        NvencSettings settings = NvencSettings.of(Map.of());
        assertThat(settings.gpu()).isEmpty();
        assertThat(settings.sessionsMax()).isEqualTo(32);
        assertThat(settings.driverFolder()).isNull();
        assertThat(settings.slotsFolder()).isAbsolute();
    }

    @Test
    void what_is_said_is_taken() {
        assertThat(NvencSettings.of(Map.of(
                        "gpu",
                        "GPU-01234567-89ab-cdef-0123-456789ABCDEF",
                        "sessions.max",
                        "3",
                        "slots.folder",
                        "/run/slots",
                        "driver.folder",
                        "/opt/driver")))
                .isEqualTo(new NvencSettings(
                        "GPU-01234567-89ab-cdef-0123-456789ABCDEF", 3, Path.of("/run/slots"), Path.of("/opt/driver")));
    }

    @ParameterizedTest
    @CsvSource({
        "gpu, 0",
        "gpu, GPU-0",
        "sessions.max, 0",
        "sessions.max, 257",
        "sessions.max, many",
        "sessions.max, ''",
        "session.max, 3"
    })
    void what_can_not_be_is_refused_by_name(String key, String value) {
        assertThatThrownBy(() -> NvencSettings.of(Map.of(key, value)))
                .hasMessageStartingWith(NvencConfig.PID + " " + key);
    }
}
