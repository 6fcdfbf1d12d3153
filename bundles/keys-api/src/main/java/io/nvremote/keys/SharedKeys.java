// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keys that the processes of one control plane have in common, by name: what signs tokens, what tickets are made of. A service.
 * Safe for any thread.
 */
@ProviderType
public interface SharedKeys {

    /**
     * The key of that name. All who ask get the same one, also after a restart; if there is none yet, the first one's is kept.
     * Blocks for as long as it takes to read or keep it.
     *
     * @param name small letters, digits, {@code -} and {@code .}, such as {@code relay-ticket.key}
     * @param made makes one, for the first who asks
     * @throws io.nvremote.core.StreamException {@code INVALID_CONFIGURATION} if it can't be read or kept, or is open to others;
     *     the message says where
     */
    byte[] key(String name, Supplier<byte[]> made);

    /**
     * As {@link #key}, of so many random bytes.
     *
     * @throws StreamException {@code INVALID_CONFIGURATION} also if what is kept has another length
     */
    default byte[] random(String name, int bytes) {
        byte[] key = key(name, () -> {
            byte[] fresh = new byte[bytes];
            new SecureRandom().nextBytes(fresh);
            return fresh;
        });
        if (key.length != bytes) {
            throw new StreamException(CoreError.INVALID_CONFIGURATION, origin(name) + " must be " + bytes + " bytes");
        }
        return key;
    }

    /** Where the key of that name is kept, for messages. */
    String origin(String name);
}
