// SPDX-License-Identifier: Apache-2.0
/** Jars for tests: plain, signed by publishers of a test's own, and changed afterwards. */
@NullMarked
package io.nvremote.tests.jars;

import org.jspecify.annotations.NullMarked;
