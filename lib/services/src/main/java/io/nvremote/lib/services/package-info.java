// SPDX-License-Identifier: Apache-2.0
/** Services of one kind that come and go, best first. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.services;

import org.jspecify.annotations.NullMarked;
