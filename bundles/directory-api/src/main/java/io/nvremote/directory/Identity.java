// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import org.jspecify.annotations.Nullable;

/**
 * What an identity provider's verified ID token says of a person. The key is (issuer, subject) and nothing else.
 *
 * @param emailVerified the claim {@code email_verified}
 */
public record Identity(
        String issuer,
        String subject,
        String email,
        boolean emailVerified,
        String name,
        @Nullable String avatarUrl) {}
