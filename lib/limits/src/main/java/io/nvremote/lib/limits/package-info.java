// SPDX-License-Identifier: Apache-2.0
/** What strangers may ask of a server: so much per address, in bounded memory. Copied into each bundle that uses it. */
@NullMarked
package io.nvremote.lib.limits;

import org.jspecify.annotations.NullMarked;
