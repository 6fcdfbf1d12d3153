// SPDX-License-Identifier: Apache-2.0
/** Tries parts that failed to start again. */
@NullMarked
package io.nvremote.runtime.watch;

import org.jspecify.annotations.NullMarked;
