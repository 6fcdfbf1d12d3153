// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.lib.process.ProcessMetrics;
import io.nvremote.stream.StreamMessage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Counters of one stream, over all its runs. One field per step of the pipeline; safe for any thread. */
final class StreamMetrics {

    /** As many failures are shown to an operator: enough to see a pattern. */
    private static final int KEPT = 16;

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

    /** The last encoder failures, oldest first: which, and why. */
    private final List<EncoderFailure> lastEncoderFailures = new CopyOnWriteArrayList<>();

    /** An encoder that threw, hung or went away while this stream used or tried it. */
    record EncoderFailure(String encoder, String version, String reason) {}

    void encoderFailed(ServiceCandidate<?> encoder, String reason) {
        encoderFailures.incrementAndGet();
        lastEncoderFailures.add(new EncoderFailure(encoder.name(), encoder.version(), reason));
        if (lastEncoderFailures.size() > KEPT) {
            lastEncoderFailures.removeFirst();
        }
    }

    /** What the client is told, with what this process cost. */
    StreamMessage.Stats stats(ProcessMetrics process) {
        return new StreamMessage.Stats(
                captured.get(),
                encoded.get(),
                sent.get(),
                dropped.get(),
                bytes.get(),
                keyFrames.get(),
                swaps.get(),
                encoderFailures.get(),
                process.cpuNanos(),
                process.residentBytes());
    }

    List<EncoderFailure> lastEncoderFailures() {
        return List.copyOf(lastEncoderFailures);
    }
}
