// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.development;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearnessTest {

    private static final URI ISSUER = URI.create("http://127.0.0.1:8480/development-identity");

    @ParameterizedTest(name = "{5}: {0} <- {1}, Host {2}, forwarded {3}")
    @CsvSource({
        "127.0.0.1,         127.0.0.1,         127.0.0.1:8480,           false, true,  on the machine",
        "::1,               ::1,               127.0.0.1:8480,           false, true,  on the machine by IPv6",
        "::ffff:127.0.0.1,  127.0.0.9,         127.0.0.1:8480,           false, true,  any loopback address",
        "192.0.2.1,         127.0.0.1,         127.0.0.1:8480,           false, false, at another address of the machine",
        "127.0.0.1,         192.0.2.7,         127.0.0.1:8480,           false, false, a spoofed or redirected source",
        "192.0.2.1,         192.0.2.1,         127.0.0.1:8480,           false, false, the machine to itself by its address",
        "127.0.0.1,         127.0.0.1,         control.example.com:8443, false, false, the API port under a name",
        "127.0.0.1,         127.0.0.1,         127.0.0.1:8443,           false, false, the API port",
        "127.0.0.1,         127.0.0.1,         evil.example:8480,        false, false, DNS rebinding",
        "127.0.0.1,         127.0.0.1,         ,                         false, false, no Host",
        "127.0.0.1,         127.0.0.1,         127.0.0.1:8480,           true,  false, through a proxy of the machine",
        "10.0.0.1,          fe80::1%eth0,      127.0.0.1:8480,           false, false, a link-local neighbour",
        "unknown,           unknown,           127.0.0.1:8480,           false, false, no addresses"
    })
    void only_the_machine_itself_is_near(
            String local, String remote, String host, boolean forwarded, boolean near, String what) {
        assertThat(Nearness.near(ISSUER, local, remote, host, forwarded))
                .as(what)
                .isEqualTo(near);
    }
}
