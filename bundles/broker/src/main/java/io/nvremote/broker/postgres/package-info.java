// SPDX-License-Identifier: Apache-2.0
/** Streaming sessions and tunnel addresses in PostgreSQL. */
@NullMarked
package io.nvremote.broker.postgres;

import org.jspecify.annotations.NullMarked;
