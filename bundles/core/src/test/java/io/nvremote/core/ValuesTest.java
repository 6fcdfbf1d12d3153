// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void a_bitrate_is_read_with_its_unit() {
        assertThat(Bitrate.parse("20Mbps")).isEqualTo(Bitrate.ofMegabits(20));
        assertThat(Bitrate.parse("800kbps").bitsPerSecond()).isEqualTo(800_000);
        assertThatThrownBy(() -> Bitrate.parse("20")).hasMessageContaining("20Mbps");
        assertThatThrownBy(() -> new Bitrate(0)).isInstanceOf(StreamException.class);
    }

    @Test
    void a_secret_is_never_printed() {
        Secret secret = new Secret("hunter2");
        assertThat(secret).hasToString("***").isEqualTo(new Secret("hunter2")).isNotEqualTo(new Secret("hunter3"));
        assertThat("" + secret).doesNotContain("hunter2");
    }
}
