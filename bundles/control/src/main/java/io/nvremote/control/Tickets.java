// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.CoreError;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.keys.SharedKeys;
import io.nvremote.relay.RelayRole;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Relay tickets. Each is HMAC-SHA256 of the session's id and the side, under a key that only the control plane has: so
 * tickets need no storage, and after a restart the gateway gets the same ones again. Immutable; safe for any thread.
 */
final class Tickets {

    static final String NAME = "relay-ticket.key";

    private static final String LABEL = "nvremote relay ticket 1\0";
    private static final int KEY_LENGTH = 32;

    private final SecretKeySpec key;

    private Tickets(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /** With the key that the control plane has, made if there is none. */
    static Tickets of(SharedKeys keys) {
        return new Tickets(keys.random(NAME, KEY_LENGTH));
    }

    /** The ticket of one side of a session, base64 of 32 bytes. */
    Secret of(SessionId session, RelayRole role) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return new Secret(Base64.getEncoder()
                    .encodeToString(
                            mac.doFinal((LABEL + session + "\0" + role.wireName()).getBytes(StandardCharsets.UTF_8))));
        } catch (GeneralSecurityException e) {
            throw new StreamException(CoreError.INTERNAL, "every Java platform has HmacSHA256", e);
        }
    }
}
