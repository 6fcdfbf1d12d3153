// SPDX-License-Identifier: Apache-2.0
/** Xlib as bundles may use it: loaded, and kept from ending the process. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.x11;

import org.jspecify.annotations.NullMarked;
