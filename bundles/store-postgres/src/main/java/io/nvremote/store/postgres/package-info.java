// SPDX-License-Identifier: Apache-2.0
/** Transactions in PostgreSQL: the pool, the schema, row-level security, and an external server by configuration. */
@NullMarked
package io.nvremote.store.postgres;

import org.jspecify.annotations.NullMarked;
