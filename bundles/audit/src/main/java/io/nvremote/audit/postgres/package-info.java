// SPDX-License-Identifier: Apache-2.0
/** The audit log in PostgreSQL. */
@NullMarked
package io.nvremote.audit.postgres;

import org.jspecify.annotations.NullMarked;
