// SPDX-License-Identifier: Apache-2.0
/** What the host and a worker process say to each other, and the memory that carries pictures between them. Compiled into its users (docs/decisions/0025): never exported, no state shared between bundles. */
@NullMarked
package io.nvremote.lib.workers;

import org.jspecify.annotations.NullMarked;
