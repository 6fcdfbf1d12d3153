// SPDX-License-Identifier: Apache-2.0
/** Unguessable texts and their fingerprints. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.tokens;

import org.jspecify.annotations.NullMarked;
