// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.HostId;
import io.nvremote.core.UserId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bootstrap token as it is listed: without its text, which nobody has but who was shown it.
 *
 * @param hostname the name that a machine must have; null: any
 * @param network where a machine must ask from, in CIDR notation; null: anywhere
 * @param by who made it
 * @param usedBy the host that it made
 */
public record TokenEntry(
        UUID id,
        State state,
        @Nullable String hostname,
        @Nullable String network,
        UserId by,
        Instant createdAt,
        Instant expiresAt,
        @Nullable HostId usedBy) {

    /** What became of it. */
    public enum State {
        UNUSED,
        USED,
        EXPIRED,
        REVOKED
    }
}
