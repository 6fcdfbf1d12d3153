// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import io.nvremote.lib.chain.HeadKey;
import io.nvremote.rest.Says;

/** What the signature of an export is verified with. */
public record AuditKeyView(
        @Says("as the last line of an export names it") String keyId,
        @Says(values = "Ed25519") String algorithm,

        @Says("SubjectPublicKeyInfo as PEM (RFC 7468), for nvremote audit verify --key")
        String publicKey) {

    static AuditKeyView of(HeadKey key) {
        return new AuditKeyView(key.id(), HeadKey.ALGORITHM, key.pem());
    }
}
