// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An organisation's invitation of whoever signs in with a verified e-mail address.
 *
 * @param orgName of the organisation, for whoever is invited
 * @param email in lower case
 * @param by who invited; null if that user is gone
 * @param expiresAt from then on it can't be accepted
 */
public record Invitation(
        UUID id,
        OrgId org,
        String orgName,
        String email,
        Role role,
        @Nullable UserId by,
        Instant createdAt,
        Instant expiresAt) {

    public Invitation {
        Objects.requireNonNull(id);
        Objects.requireNonNull(org);
        Objects.requireNonNull(orgName);
        Objects.requireNonNull(email);
        Objects.requireNonNull(role);
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(expiresAt);
    }
}
