// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person who signed in at least once.
 *
 * @param disabledAt since when the account is disabled; null if it is not
 */
public record User(
        UserId id,
        String email,
        String name,
        @Nullable String avatarUrl,
        Instant createdAt,
        @Nullable Instant lastLoginAt,
        @Nullable Instant disabledAt) {}
