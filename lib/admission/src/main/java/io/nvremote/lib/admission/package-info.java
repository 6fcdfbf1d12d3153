// SPDX-License-Identifier: Apache-2.0
/** What makes a file a plugin that may be installed: the same answer in a runtime and on a vendor's desk. */
@NullMarked
package io.nvremote.lib.admission;

import org.jspecify.annotations.NullMarked;
