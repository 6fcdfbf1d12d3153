// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.keys.SharedKeys;
import io.nvremote.lib.chain.HeadKey;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** The key that signs what is exported: one for all organisations, outside of the database. Safe for any thread. */
final class HeadKeys {

    static final String NAME = "audit-signing-key.pem";

    private final SharedKeys keys;
    private @Nullable HeadKey key;

    HeadKeys(SharedKeys keys) {
        this.keys = keys;
    }

    /** Not before it is asked for: a resource that fails at its start, on a full disk, is never tried again. */
    synchronized HeadKey key() {
        HeadKey known = key;
        if (known == null) {
            try {
                known = HeadKey.of(keys.key(NAME, HeadKey::made));
            } catch (GeneralSecurityException e) {
                throw new StreamException(
                        CoreError.INVALID_CONFIGURATION,
                        keys.origin(NAME) + " is not an Ed25519 key with its public half, as PEM",
                        e);
            }
            key = known;
        }
        return known;
    }
}
