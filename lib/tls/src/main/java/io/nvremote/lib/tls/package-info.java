// SPDX-License-Identifier: Apache-2.0
/** Certificate, key and trust of a port or a dialler, from files that are read again when they change. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.tls;

import org.jspecify.annotations.NullMarked;
