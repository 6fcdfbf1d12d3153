// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7:51820", "[2001:db8:0:0:0:0:0:7]:1", "gateway.example:65535", "[fd00::10]:443"})
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
                ""
            })
    void what_is_none_is_refused_with_the_rule(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("an endpoint is name:port");
    }
}
