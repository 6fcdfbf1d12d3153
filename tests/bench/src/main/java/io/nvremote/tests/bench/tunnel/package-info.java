// SPDX-License-Identifier: Apache-2.0
/** Datagrams through the tunnel engine and through the relay. */
@NullMarked
package io.nvremote.tests.bench.tunnel;

import org.jspecify.annotations.NullMarked;
