// SPDX-License-Identifier: Apache-2.0
/** What sources of a screen have in common: their pace, and the pointer's shape as X tells it. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.capture;

import org.jspecify.annotations.NullMarked;
