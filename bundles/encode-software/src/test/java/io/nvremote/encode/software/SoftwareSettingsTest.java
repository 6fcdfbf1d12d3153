// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import org.junit.jupiter.api.Test;

class SoftwareSettingsTest {

    @Test
    void a_wrong_configuration_names_pid_key_value_and_rule() {
        assertThatThrownBy(() -> new SoftwareSettings(99, 8, SoftwareSettings.Library.AUTO))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_CONFIGURATION))
                .hasMessage("io.nvremote.encode.software threads=99: must be 1 to 16");
    }
}
