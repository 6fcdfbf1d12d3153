// SPDX-License-Identifier: Apache-2.0
/** Answers of requests with an Idempotency-Key, kept in PostgreSQL. */
@NullMarked
package io.nvremote.rest.answers;

import org.jspecify.annotations.NullMarked;
