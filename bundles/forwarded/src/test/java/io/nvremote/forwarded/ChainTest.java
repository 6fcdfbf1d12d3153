// SPDX-License-Identifier: Apache-2.0
package io.nvremote.forwarded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChainTest {

    private static final List<Network> TRUSTED =
            List.of(Network.parse("10.0.0.0/9"), Network.parse("127.0.0.1"), Network.parse("fd00::/8"));

    @ParameterizedTest(name = "{3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.9 | 203.0.113.5                          | 198.51.100.9 | a stranger claims to be somebody",
                "198.51.100.9 | 10.0.0.1                             | 198.51.100.9 | a stranger claims to be a proxy",
                "10.0.0.1     | 203.0.113.5                          | 203.0.113.5  | one proxy",
                "10.0.0.1     | 203.0.113.5, 10.1.2.3                | 203.0.113.5  | two proxies",
                "10.0.0.1     | 192.0.2.66, 203.0.113.5              | 203.0.113.5  | what the person wrote himself is not believed",
                "10.0.0.1     | 203.0.113.5;10.1.2.3                 | 203.0.113.5  | two headers",
                "10.0.0.1     | 203.0.113.5:40123                    | 203.0.113.5  | with a port",
                "fd00::1      | [2001:db8::7]:443                    | 2001:db8::7  | IPv6 in brackets",
                "fd00::1      | 2001:db8::7                          | 2001:db8::7  | IPv6",
                "10.0.0.1     | unknown                              | 10.0.0.1     | a proxy that does not tell",
                "10.0.0.1     | 203.0.113.5, _hidden                 | 10.0.0.1     | a name that hides who it is ends the walk",
                "10.0.0.1     | example.com                          | 10.0.0.1     | names are not looked up",
                "10.0.0.1     | ''                                   | 10.0.0.1     | nothing",
                "10.200.0.1   | 203.0.113.5                          | 10.200.0.1   | beyond the network of 9 bits",
                "10.0.0.1     | 10.0.0.2, 10.0.0.3                   | 10.0.0.2     | a person inside the trusted network"
            })
    void the_first_who_is_not_trusted_is_the_person(String peer, String headers, String person, String what) {
        assertThat(Chain.person(InetAddress.ofLiteral(peer), Arrays.asList(headers.split(";")), TRUSTED))
                .as(what)
                .isEqualTo(InetAddress.ofLiteral(person));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/0", "fd00::/129", "example.com", "10.0.0.0/x", "", "10.0.0.0/-1"})
    void what_is_no_network_is_refused(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
