// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import java.util.concurrent.atomic.AtomicLong;

/** Counters of one stream, over all its runs. One field per step of the pipeline; safe for any thread. */
final class StreamFigures {

    final AtomicLong captured = new AtomicLong();
    final AtomicLong unchanged = new AtomicLong();
    final AtomicLong encoded = new AtomicLong();
    final AtomicLong sent = new AtomicLong();
    final AtomicLong dropped = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong keyFrames = new AtomicLong();
    final AtomicLong swaps = new AtomicLong();
    final AtomicLong encoderFailures = new AtomicLong();
    final AtomicLong hangs = new AtomicLong();
    final AtomicLong captureFailures = new AtomicLong();
    final AtomicLong inputs = new AtomicLong();
    final AtomicLong inputFailures = new AtomicLong();
    final AtomicLong badMessages = new AtomicLong();
    final AtomicLong longestSwapNanos = new AtomicLong();
}
