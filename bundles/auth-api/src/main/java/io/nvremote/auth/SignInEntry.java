// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A living sign-in as its user sees it: where somebody is signed in.
 *
 * @param since when it began
 * @param usedAt when its tokens were last made
 * @param expiresAt then it is over, unless its tokens are made anew before
 * @param address where it was last used from; null if that is not known
 * @param agent what called itself so then, 200 characters at most; null if nothing did
 */
public record SignInEntry(
        UUID id,
        Instant since,
        Instant usedAt,
        Instant expiresAt,
        @Nullable String address,
        @Nullable String agent) {}
