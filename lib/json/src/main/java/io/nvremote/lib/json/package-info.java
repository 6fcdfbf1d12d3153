// SPDX-License-Identifier: Apache-2.0
/** JSON trees; what can't be read is refused with the caller's error code. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.json;

import org.jspecify.annotations.NullMarked;
