// SPDX-License-Identifier: Apache-2.0
/** Admits signed plugins and phases new bundle versions in beside the old. */
@NullMarked
package io.nvremote.updates.phasein;

import org.jspecify.annotations.NullMarked;
