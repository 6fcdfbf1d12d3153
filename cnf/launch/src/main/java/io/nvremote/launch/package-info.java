// SPDX-License-Identifier: Apache-2.0
/** The main class of every runtime's jar. */
@NullMarked
package io.nvremote.launch;

import org.jspecify.annotations.NullMarked;
