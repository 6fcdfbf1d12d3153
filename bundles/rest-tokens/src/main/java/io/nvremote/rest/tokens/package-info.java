// SPDX-License-Identifier: Apache-2.0
/** Bootstrap tokens by HTTP. */
@NullMarked
package io.nvremote.rest.tokens;

import org.jspecify.annotations.NullMarked;
