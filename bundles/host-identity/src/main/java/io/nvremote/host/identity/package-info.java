// SPDX-License-Identifier: Apache-2.0
/** Enrols this machine once, keeps its key and certificate in one file, and renews them. */
@NullMarked
package io.nvremote.host.identity;

import org.jspecify.annotations.NullMarked;
