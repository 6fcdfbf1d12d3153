// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts are blocks of addresses, and how they are written. */
class AddressBlockTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "198.51.100.7, 198.51.100.7/32",
        "198.51.100.128/25, 198.51.100.128/25",
        "2001:db8::/32, 2001:db8:0:0:0:0:0:0/32",
        "2001:DB8::1, 2001:db8:0:0:0:0:0:1/128",
        "::/0, 0:0:0:0:0:0:0:0/0"
    })
    void a_block_is_an_address_and_the_number_of_bits_that_count(String text, String written) {
        assertThat(AddressBlock.parse(text)).hasToString(written);
        assertThat(AddressBlock.parse(written)).isEqualTo(AddressBlock.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10/8",
                "10.1/16",
                "10.0.0.1/8",
                "198.51.100.128/24",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/",
                "256.0.0.0/8",
                "10.0.0.0/8 ",
                "example.org/8",
                "::ffff:10.0.0.0/104",
                "2001:db8::1/32",
                "2001:db8::/129",
                "fe80::1%eth0",
                "1:2:3",
                "any"
            })
    void whatever_else_is_refused(String text) {
        assertThatThrownBy(() -> AddressBlock.parse(text))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(DirectoryError.NETWORK_REFUSED));
    }
}
