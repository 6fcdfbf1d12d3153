// SPDX-License-Identifier: Apache-2.0
/** The runtimes as processes: start, connect, memory. */
@NullMarked
package io.nvremote.tests.bench.runtime;

import org.jspecify.annotations.NullMarked;
