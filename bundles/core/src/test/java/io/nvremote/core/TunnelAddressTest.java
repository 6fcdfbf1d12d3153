// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"10.100.0.1", "10.100.2.0", "10.100.42.255", "10.100.255.254"})
    void what_is_read_is_written_alike(String text) {
        TunnelAddress address = TunnelAddress.parse(text);
        assertThat(address).hasToString(text).isEqualTo(TunnelAddress.of(Inet4Address.ofLiteral(text)));
        assertThat(address.toInetAddress().getHostAddress()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.100.0.0",
                "10.100.255.255",
                "10.99.255.255",
                "10.101.0.0",
                "110.100.2.2",
                "138.100.2.2",
                "127.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "10.100.42",
                "10.100.42.256",
                "10.100.42.2.1",
                "10.100.10754",
                "010.100.42.2",
                "10.100.42.02",
                "10.100.42.2 ",
                " 10.100.42.2",
                "10.100.42.2:1",
                "10.100.42.2/32",
                "10.100.42.2%lo",
                "::ffff:10.100.42.2",
                "::1",
                "localhost",
                "\u0661\u0660.100.42.2"
            })
    void what_is_none_is_refused_with_the_rule(String text) {
        assertThatThrownBy(() -> TunnelAddress.parse(text))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_VALUE))
                .hasMessage("a tunnel address is 10.100.0.1 to 10.100.255.254: " + text);
    }

    @Test
    void a_policy_is_read_as_it_is_written_and_nothing_else_is_one() {
        for (PathPolicy policy : PathPolicy.values()) {
            assertThat(PathPolicy.parse(policy.wireName())).isEqualTo(policy);
        }
        for (String text : new String[] {"", "RELAY", "Auto", "relay ", "direct"}) {
            assertThatThrownBy(() -> PathPolicy.parse(text))
                    .isInstanceOf(StreamException.class)
                    .hasMessage("a path policy is auto or relay: " + text);
        }
    }
}
