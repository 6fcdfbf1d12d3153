// SPDX-License-Identifier: Apache-2.0
/** A PostgreSQL server as a child process, and the two data sources that lead to it. */
@NullMarked
package io.nvremote.store.postgres.embedded;

import org.jspecify.annotations.NullMarked;
