// SPDX-License-Identifier: Apache-2.0
/** Roll-outs of bundles to hosts, in waves. */
@NullMarked
package io.nvremote.rollouts;

import org.jspecify.annotations.NullMarked;
