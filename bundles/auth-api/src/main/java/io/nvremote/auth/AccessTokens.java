// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth;

import io.nvremote.core.Secret;
import io.nvremote.core.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** Makes and checks access tokens (RFC 9068, one algorithm, 15 minutes). A service. Safe for any thread, never blocks. */
@ProviderType
public interface AccessTokens {

    /** How long an access token is valid. */
    Duration LIFETIME = Duration.ofMinutes(15);

    /** A new token for this sign-in of this user. */
    Secret issue(UserId user, UUID signIn);

    /**
     * Who a token belongs to.
     *
     * @throws io.nvremote.core.StreamException {@link AuthError#TOKEN_EXPIRED}, or {@link AuthError#TOKEN_INVALID} for
     *     everything else that is not exactly a token of ours
     */
    Caller verify(String token);

    /**
     * Who a token belongs to, if that is known without verifying it: it was made or verified here before, and has not ended. Costs
     * a hundredth of {@link #verify}, so that limits on strangers need not touch those who are none.
     */
    Optional<Caller> known(String token);

    /** The public key set (RFC 7517) that verifies the tokens, as JSON. */
    String keySet();
}
