// SPDX-License-Identifier: Apache-2.0
/** {@code /sessions}: connecting to hosts. */
@NullMarked
package io.nvremote.rest.sessions;

import org.jspecify.annotations.NullMarked;
