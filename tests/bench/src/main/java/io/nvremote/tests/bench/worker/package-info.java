// SPDX-License-Identifier: Apache-2.0
/** What it costs to run an encoder in a process of its own. */
@NullMarked
package io.nvremote.tests.bench.worker;

import org.jspecify.annotations.NullMarked;
