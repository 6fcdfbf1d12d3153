// SPDX-License-Identifier: Apache-2.0
/** Path selection by binding and probing: see README.md. */
@NullMarked
package io.nvremote.path.probing;

import org.jspecify.annotations.NullMarked;
