// SPDX-License-Identifier: Apache-2.0
/** Files of state: written whole and durably, or not at all; sockets that are files. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.files;

import org.jspecify.annotations.NullMarked;
