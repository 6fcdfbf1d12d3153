// SPDX-License-Identifier: Apache-2.0
/** CPU time and memory of this process, and how another one ended. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.process;

import org.jspecify.annotations.NullMarked;
