// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;
import io.nvremote.viewer.ViewerError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionOfferTest {

    private static ObjectNode answer() {
        return Json.object()
                .put("session_id", FakeControlPlane.SESSION.toString())
                .put("status", "ACTIVE")
                .put("host_public_key", FakeMedia.KEY.toString())
                .put("client_tunnel_ip", "10.100.2.2")
                .put("host_tunnel_ip", "10.100.2.3")
                .put("gateway_endpoint", "gateway.example:51820")
                .put("relay_ticket", "dGlja2V0");
    }

    @Test
    void an_answer_is_read_with_and_without_the_host_s_key() {
        SessionOffer offer = SessionOffer.of(answer());
        assertThat(offer.hostKey()).isEqualTo(FakeMedia.KEY);
        assertThat(offer.clientIp()).hasToString("10.100.2.2");
        assertThat(offer.hostIp()).hasToString("10.100.2.3");
        assertThat(offer.gateway()).hasToString("gateway.example:51820");
        ObjectNode early = answer();
        early.remove("host_public_key");
        assertThat(SessionOffer.of(early).hostKey()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "host_public_key, AAAA, BAD_KEY",
        "host_public_key, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, BAD_KEY",
        "client_tunnel_ip, 192.0.2.1, SESSION_REFUSED",
        "client_tunnel_ip, localhost, SESSION_REFUSED",
        "host_tunnel_ip, 127.0.0.1, SESSION_REFUSED",
        "gateway_endpoint, gateway.example, SESSION_REFUSED",
        "gateway_endpoint, fd00::1:51820, SESSION_REFUSED"
    })
    void a_field_that_breaks_its_rule_is_refused_by_its_name(String field, String text, String code) {
        assertThatThrownBy(() -> SessionOffer.of(answer().put(field, text)))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code().name()).isEqualTo(code))
                .hasMessageStartingWith(field + ": ");
    }

    @Test
    void an_answer_without_a_ticket_is_refused() {
        ObjectNode answer = answer();
        answer.remove("relay_ticket");
        assertThatThrownBy(() -> SessionOffer.of(answer))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(ViewerError.SESSION_REFUSED));
    }
}
