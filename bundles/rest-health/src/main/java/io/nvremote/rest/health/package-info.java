// SPDX-License-Identifier: Apache-2.0
/** {@code /livez} and {@code /readyz}: whether the process runs, and whether it can serve. */
@NullMarked
package io.nvremote.rest.health;

import org.jspecify.annotations.NullMarked;
