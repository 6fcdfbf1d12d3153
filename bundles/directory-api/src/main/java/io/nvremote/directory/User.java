// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.UserId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person who signed in at least once.
 *
 * @param name what the person chose, else what the identity provider says
 * @param preferences what the person's clients keep for it, by name; nothing of ours reads them
 * @param disabledAt since when the account is disabled; null if it is not
 */
public record User(
        UserId id,
        String email,
        String name,
        @Nullable String avatarUrl,
        Map<String, String> preferences,
        Instant createdAt,
        @Nullable Instant lastLoginAt,
        @Nullable Instant disabledAt) {

    public User {
        preferences = Map.copyOf(preferences);
    }
}
