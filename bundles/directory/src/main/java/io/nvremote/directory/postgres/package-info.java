// SPDX-License-Identifier: Apache-2.0
/** Users, organisations, hosts and enrolment in PostgreSQL, and the internal certificate authority. */
@NullMarked
package io.nvremote.directory.postgres;

import org.jspecify.annotations.NullMarked;
