// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RelaySessionTest {

    private static final TunnelPublicKey KEY = TunnelPublicKey.parse("A".repeat(42) + "E=");
    private static final Secret ONE =
            new Secret(Base64.getEncoder().encodeToString("a ticket of 22 bytes..".getBytes(UTF_8)));
    private static final Secret TWO =
            new Secret(Base64.getEncoder().encodeToString("another ticket of bytes".getBytes(UTF_8)));

    private static RelaySession session(
            TunnelPublicKey clientKey, @Nullable TunnelPublicKey hostKey, Secret client, Secret host) {
        return new RelaySession(SessionId.next(), clientKey, hostKey, client, host, Instant.EPOCH);
    }

    @Test
    void a_session_shows_no_ticket() {
        assertThat(session(KEY, KEY, ONE, TWO).toString())
                .doesNotContain(ONE.reveal())
                .doesNotContain(TWO.reveal());
    }

    @Test
    void the_host_key_may_be_unknown() {
        assertThat(session(KEY, null, ONE, TWO).hostPublicKey()).isNull();
    }

    @Test
    void equal_tickets_are_refused() {
        assertThatThrownBy(() -> session(KEY, KEY, ONE, ONE))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RelayError.BAD_SESSION));
    }

    @Test
    void counters_add_up_and_do_not_change() {
        RelayCounters counters = RelayCounters.of(1, 2, 3, 4, 5, Map.of("a", 6L, "b", 7L));
        assertThat(counters.dropped()).isEqualTo(13);
        assertThatThrownBy(() -> counters.drops().put("c", 1L)).isInstanceOf(UnsupportedOperationException.class);
    }
}
