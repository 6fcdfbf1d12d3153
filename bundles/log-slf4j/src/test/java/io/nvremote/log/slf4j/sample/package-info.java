// SPDX-License-Identifier: Apache-2.0
/** What a vendor's bundle may hold. */
@NullMarked
package io.nvremote.log.slf4j.sample;

import org.jspecify.annotations.NullMarked;
