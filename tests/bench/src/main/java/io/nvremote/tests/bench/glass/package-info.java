// SPDX-License-Identifier: Apache-2.0
/** From a change on one screen to the same change on another. */
@NullMarked
package io.nvremote.tests.bench.glass;

import org.jspecify.annotations.NullMarked;
