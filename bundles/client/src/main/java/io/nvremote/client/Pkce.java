// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Secret;
import io.nvremote.lib.tokens.SecureTokens;

/** Proof key for code exchange (RFC 7636, S256). */
record Pkce(Secret verifier, String challenge) {

    static Pkce fresh() {
        String verifier = SecureTokens.text();
        return new Pkce(new Secret(verifier), SecureTokens.challenge(verifier));
    }
}
