// SPDX-License-Identifier: Apache-2.0
/** A screen that is always there: the test card, which shows what is typed into it. */
@NullMarked
package io.nvremote.capture.testcard;

import org.jspecify.annotations.NullMarked;
