// SPDX-License-Identifier: Apache-2.0
/**
 * A view of the client without a page: signs in, connects, watches, types, checks what it saw, and writes it down. Knows
 * the client by its API alone; exports nothing.
 */
@NullMarked
package io.nvremote.client.headless;

import org.jspecify.annotations.NullMarked;
