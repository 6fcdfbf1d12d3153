// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class Tai64nTest {

    @Test
    void a_stamp_is_tai_seconds_and_whitened_nanoseconds() {
        byte[] stamp = new Tai64n(Instant.ofEpochSecond(1_700_000_000L, 999_999_999), 5).stamp(5);
        assertThat(ByteBuffer.wrap(stamp).getLong()).isEqualTo(0x4000_0000_0000_0000L + 1_700_000_000L + 10);
        assertThat(ByteBuffer.wrap(stamp).getInt(8)).isEqualTo(999_999_999 & 0xFF00_0000);
    }

    @Test
    void stamps_rise_though_the_clock_stands_and_pass_the_second() {
        Tai64n clock = new Tai64n(Instant.ofEpochSecond(7, 990_000_000), 0);
        byte[] last = clock.stamp(0);
        for (int i = 0; i < 200; i++) {
            byte[] next = clock.stamp(0);
            assertThat(Tai64n.after(next, last)).isTrue();
            assertThat(Tai64n.after(last, next)).isFalse();
            assertThat(ByteBuffer.wrap(next).getInt(8)).isBetween(0, 999_999_999);
            last = next;
        }
        assertThat(Tai64n.after(last, last)).as("a repeated one is not later").isFalse();
    }
}
