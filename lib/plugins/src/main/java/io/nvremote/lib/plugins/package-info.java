// SPDX-License-Identifier: Apache-2.0
/** Services that may be plugins', at work in a stream: opened beside what is in use, taken over, held to limits, left when they fail. */
@NullMarked
package io.nvremote.lib.plugins;

import org.jspecify.annotations.NullMarked;
