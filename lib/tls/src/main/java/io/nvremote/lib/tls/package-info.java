// SPDX-License-Identifier: Apache-2.0
/** Trust of a dialler. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.tls;

import org.jspecify.annotations.NullMarked;
