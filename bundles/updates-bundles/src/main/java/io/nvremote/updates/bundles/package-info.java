// SPDX-License-Identifier: Apache-2.0
/** Replaces the bundles of a running runtime one by one. */
@NullMarked
package io.nvremote.updates.bundles;

import org.jspecify.annotations.NullMarked;
