// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth;

import io.nvremote.core.Secret;
import io.nvremote.core.UserId;
import java.time.Duration;

/** A pair of tokens. Immutable; printing it shows no token. */
public record SignedIn(UserId user, Secret accessToken, Secret refreshToken, Duration expiresIn) {}
