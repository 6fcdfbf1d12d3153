// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.core.Secret;
import io.nvremote.lib.tokens.SecureTokens;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Makes the refresh token that follows another. Who names an attempt gets a successor that follows from token and attempt
 * (and a key of ours), so that the same answer can be given twice without being kept anywhere. Immutable.
 */
final class Successors {

    private final DerivedKey key;

    Successors(DerivedKey key) {
        this.key = key;
    }

    Secret of(Secret token, @Nullable Secret attempt) {
        if (attempt == null) {
            return new Secret(SecureTokens.text());
        }
        byte[] text = (token.reveal() + ' ' + attempt.reveal()).getBytes(StandardCharsets.UTF_8);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(key.mac(text)));
    }
}
