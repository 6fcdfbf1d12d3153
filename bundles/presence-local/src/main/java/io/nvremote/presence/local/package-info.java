// SPDX-License-Identifier: Apache-2.0
/** Presence for a single control plane: everything is in this process's memory, and ends with it. */
@NullMarked
package io.nvremote.presence.local;

import org.jspecify.annotations.NullMarked;
