// SPDX-License-Identifier: Apache-2.0
/** An OpenID Connect provider for development and demonstrations: anybody who can reach it is whom they say they are. */
@NullMarked
package io.nvremote.auth.development;

import org.jspecify.annotations.NullMarked;
