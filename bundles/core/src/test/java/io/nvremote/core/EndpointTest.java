// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.7:51820",
                "0.0.0.0:1",
                "[2001:db8:0:0:0:0:0:7]:1",
                "gateway.example:65535",
                "gateway.example.:443",
                "gw-1:1",
                "1and1.example:1",
                "[fd00::10]:443",
                "[::]:1"
            })
    void what_is_read_is_written_alike(String text) {
        assertThat(Endpoint.parse(text)).hasToString(text);
    }

    @Test
    void an_ipv6_address_is_written_in_brackets_and_without_its_zone() throws Exception {
        byte[] bytes = InetAddress.getByName("fd00::10").getAddress();
        NetworkInterface loopback = NetworkInterface.getByName("lo");
        InetAddress zoned = Inet6Address.getByAddress(null, bytes, loopback);
        assertThat(zoned.getHostAddress()).contains("%");
        Endpoint endpoint = Endpoint.of(new InetSocketAddress(zoned, 51820));
        assertThat(endpoint).hasToString("[fd00:0:0:0:0:0:0:10]:51820");
        assertThat(Endpoint.parse(endpoint.toString()).resolve().getAddress())
                .isEqualTo(InetAddress.getByName("fd00::10"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fd00::10:51820",
                "fd00::10%lo:51820",
                "[fd00::10%lo]:51820",
                "[fd00::10]51820",
                "[fd00::10:51820",
                "192.0.2.7",
                "192.0.2.7:",
                "192.0.2.7:0",
                "192.0.2.7:65536",
                ":51820",
                "[]:51820",
                "[192.0.2.7]:1",
                "[gateway.example]:1",
                "[12345::]:1",
                "[::1]:1]:1",
                "192.0.2.7:+1",
                "192.0.2.7:000001",
                " 192.0.2.7:1",
                "192.0.2.7:1 ",
                "192.0.2.256:1",
                "010.1.2.3:1",
                "10.1:1",
                "1:1",
                "a b:1",
                "a..b:1",
                "-x:1",
                "x-.example:1",
                "under_score:1",
                "b\u00fccher.example:1",
                ""
            })
    void what_is_none_is_refused_with_the_rule(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("an endpoint is name:port");
    }

    @Test
    void a_name_has_at_most_253_characters_and_63_in_each_part() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);
        assertThat(Endpoint.parse(longest + ":1").host()).hasSize(253);
        for (String name : new String[] {longest + "a", "a".repeat(64), "a".repeat(100_000)}) {
            assertThatThrownBy(() -> Endpoint.parse(name + ":1")).isInstanceOf(StreamException.class);
        }
    }

    @Test
    void an_endpoint_says_whether_its_host_is_an_address() {
        assertThat(Endpoint.parse("192.0.2.7:1").numeric()).isTrue();
        assertThat(Endpoint.parse("[::1]:1").numeric()).isTrue();
        assertThat(Endpoint.parse("gateway.example:1").numeric()).isFalse();
    }
}
