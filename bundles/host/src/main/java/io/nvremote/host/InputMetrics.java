// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import java.util.concurrent.atomic.AtomicLong;

/** Counters of one input track. Safe for any thread. */
final class InputMetrics {

    final AtomicLong injected = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
}
