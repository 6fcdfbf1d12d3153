// SPDX-License-Identifier: Apache-2.0
/**
 * Benchmarks, each a ratio against a peer or a limit measured in the same run. {@link io.nvremote.tests.bench.Main} runs
 * them; they are no tests and assert nothing about speed during a build.
 */
@NullMarked
package io.nvremote.tests.bench;

import org.jspecify.annotations.NullMarked;
