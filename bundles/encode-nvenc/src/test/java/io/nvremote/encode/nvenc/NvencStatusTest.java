// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each status of NVENC means for a stream that is opened, and for one that runs. */
class NvencStatusTest {

    @ParameterizedTest
    @CsvSource({
        "1, DEVICE_UNAVAILABLE, DEVICE_LOST, false",
        "2, DEVICE_UNAVAILABLE, DEVICE_LOST, false",
        "5, DEVICE_LOST, DEVICE_LOST, false",
        "8, SPEC_REFUSED, DEVICE_LOST, false",
        "10, DEVICE_FULL, DEVICE_LOST, false",
        "12, SPEC_REFUSED, DEVICE_LOST, false",
        "13, DEVICE_LOST, DEVICE_LOST, true",
        "15, DEVICE_UNAVAILABLE, DEVICE_LOST, false",
        "17, INTERNAL, INTERNAL, false",
        "18, DEVICE_LOST, DEVICE_LOST, true",
        "20, DEVICE_LOST, DEVICE_LOST, false",
        "21, DEVICE_FULL, DEVICE_LOST, false",
        "26, DEVICE_LOST, DEVICE_LOST, false"
    })
    void each_has_its_code(int status, String atOpen, String later, boolean passes) {
        assertThat(NvencStatus.refused(status, "opens nothing").code().name()).isEqualTo(atOpen);
        assertThat(NvencStatus.failed(status, "codes nothing").code().name()).isEqualTo(later);
        assertThat(NvencStatus.passes(status)).isEqualTo(passes);
    }
}
