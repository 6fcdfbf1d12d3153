// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.UserId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One member of an organisation, as the others may see them.
 *
 * @param disabled whether the account is disabled: a member of nothing until it is enabled again
 */
public record Member(
        UserId user,
        String email,
        String name,
        @Nullable String avatarUrl,
        Role role,
        boolean disabled,
        Instant joinedAt) {

    public Member {
        Objects.requireNonNull(user);
        Objects.requireNonNull(email);
        Objects.requireNonNull(name);
        Objects.requireNonNull(role);
        Objects.requireNonNull(joinedAt);
    }
}
