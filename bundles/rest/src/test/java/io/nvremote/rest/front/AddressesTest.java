// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {

    private static final Addresses ADDRESSES = Addresses.of("""
            {"paths": {
              "/orgs": {"get": {}, "post": {}},
              "/orgs/{org}": {"get": {}, "put": {}, "x-note": "no method"},
              "/orgs/{org}/hosts": {"get": {}, "parameters": []},
              "/orgs/{org}/hosts/bootstrap-token": {"post": {}},
              "/orgs/{org}/hosts/{host}": {"delete": {}},
              "/orgs/{id}/hosts/{other}": {"patch": {}}
            }}
            """);

    @ParameterizedTest
    @CsvSource({
        "/orgs, 'GET, HEAD, OPTIONS, POST'",
        "orgs, 'GET, HEAD, OPTIONS, POST'",
        "/orgs/, 'GET, HEAD, OPTIONS, POST'",
        "/orgs;a=b, 'GET, HEAD, OPTIONS, POST'",
        "/orgs/1, 'GET, HEAD, OPTIONS, PUT'",
        "/orgs/a%2Fb, 'GET, HEAD, OPTIONS, PUT'",
        "/orgs/1/hosts, 'GET, HEAD, OPTIONS'",
        "/orgs/1/hosts/2, 'DELETE, OPTIONS, PATCH'",
        "/orgs/1/hosts/bootstrap-token, 'OPTIONS, POST'",
        "/orgs/1/hosts/bootstrap-token;x/, 'OPTIONS, POST'",
        "/orgs/1/hosts/bootstrap-tokens, 'DELETE, OPTIONS, PATCH'",
        "/orgs//, ''",
        "/orgs//hosts, ''",
        "/orgs/1/hosts/2/3, ''",
        "/Orgs, ''",
        "'', ''",
        "/, ''"
    })
    void an_address_takes_the_methods_of_the_operation_that_says_most(String path, String methods) {
        assertThat(String.join(", ", ADDRESSES.methods(path))).isEqualTo(methods);
    }
}
