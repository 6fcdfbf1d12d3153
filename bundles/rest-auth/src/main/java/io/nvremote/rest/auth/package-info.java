// SPDX-License-Identifier: Apache-2.0
/** {@code /auth} and {@code /users}: signing in, and who the caller is. */
@NullMarked
package io.nvremote.rest.auth;

import org.jspecify.annotations.NullMarked;
