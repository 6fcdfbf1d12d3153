// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth;

import io.nvremote.core.UserId;
import java.time.Instant;
import java.util.UUID;

/**
 * Who sent a valid access token. Immutable.
 *
 * @param user the person
 * @param signIn the sign-in the token descends from: the family of refresh tokens that dies with it
 * @param expires when the token ends
 */
public record Caller(UserId user, UUID signIn, Instant expires) {}
