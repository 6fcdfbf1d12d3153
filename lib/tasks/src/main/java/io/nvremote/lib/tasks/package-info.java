// SPDX-License-Identifier: Apache-2.0
/** Work that is done again and again on a thread of its own. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.tasks;

import org.jspecify.annotations.NullMarked;
