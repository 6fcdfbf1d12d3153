// SPDX-License-Identifier: Apache-2.0
/** What tests of running runtimes share. */
@NullMarked
package io.nvremote.tests.kit;

import org.jspecify.annotations.NullMarked;
