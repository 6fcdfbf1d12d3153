// SPDX-License-Identifier: Apache-2.0
/** What test plugins are made of. */
@NullMarked
package io.nvremote.updates.phasein.sample;

import org.jspecify.annotations.NullMarked;
