// SPDX-License-Identifier: Apache-2.0
/** A stream over links of other rates and queues than this machine's own. */
@NullMarked
package io.nvremote.tests.links;

import org.jspecify.annotations.NullMarked;
