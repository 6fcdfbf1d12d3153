// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys;

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

    /** Where the key of that name is kept, for messages. */
    String origin(String name);
}
