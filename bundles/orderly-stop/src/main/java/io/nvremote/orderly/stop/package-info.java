// SPDX-License-Identifier: Apache-2.0
/** Stops the framework when the process is asked to end. */
@NullMarked
package io.nvremote.orderly.stop;

import org.jspecify.annotations.NullMarked;
