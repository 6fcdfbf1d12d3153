// SPDX-License-Identifier: Apache-2.0
/** Jdbi on a transaction of somebody else's. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.jdbi;

import org.jspecify.annotations.NullMarked;
