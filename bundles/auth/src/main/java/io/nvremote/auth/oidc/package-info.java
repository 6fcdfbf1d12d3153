// SPDX-License-Identifier: Apache-2.0
/** Sign-in at an OpenID Connect issuer, ES256 access tokens, rotating refresh tokens. */
@NullMarked
package io.nvremote.auth.oidc;

import org.jspecify.annotations.NullMarked;
