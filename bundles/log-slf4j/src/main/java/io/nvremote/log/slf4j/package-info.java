// SPDX-License-Identifier: Apache-2.0
/** The OSGi log, by SLF4J. */
@NullMarked
package io.nvremote.log.slf4j;

import org.jspecify.annotations.NullMarked;
