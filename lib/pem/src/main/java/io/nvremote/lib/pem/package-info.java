// SPDX-License-Identifier: Apache-2.0
/** PEM texts (RFC 7468) of keys and certificates. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.pem;

import org.jspecify.annotations.NullMarked;
