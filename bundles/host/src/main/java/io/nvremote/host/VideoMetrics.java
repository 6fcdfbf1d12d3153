// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.track.TrackReport;
import io.nvremote.transport.SenderStats;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Counters of one video track, over all its runs. One field per step of the pipeline; safe for any thread. */
final class VideoMetrics {

    /** As many failures are shown to an operator: enough to see a pattern. */
    private static final int KEPT = 16;

    static final String CAPTURED = "captured";
    static final String ENCODED = "encoded";
    static final String SENT = "sent";
    static final String DROPPED = "dropped";
    static final String BYTES = "bytes";
    static final String KEY_FRAMES = "key_frames";
    static final String SWAPS = "swaps";
    static final String ENCODER_FAILURES = "encoder_failures";

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

    List<EncoderFailure> lastEncoderFailures() {
        return List.copyOf(lastEncoderFailures);
    }

    void report(TrackReport to, SenderStats stats) {
        to.counter(CAPTURED, captured.get());
        to.counter("unchanged", unchanged.get());
        to.counter(ENCODED, encoded.get());
        to.counter(SENT, sent.get());
        to.counter(DROPPED, dropped.get());
        to.counter(BYTES, bytes.get());
        to.counter(KEY_FRAMES, keyFrames.get());
        to.counter(SWAPS, swaps.get());
        to.counter(ENCODER_FAILURES, encoderFailures.get());
        to.counter("hangs", hangs.get());
        to.counter("capture_failures", captureFailures.get());
        to.gauge("longest_swap_nanos", (double) longestSwapNanos.get());
        to.counter("packets", stats.packets());
        to.counter("retransmissions", stats.retransmissions());
        to.counter("key_frame_requests", stats.keyFrameRequests());
        to.gauge("round_trip_nanos", (double) stats.roundTripNanos());
        to.gauge("loss_fraction", stats.lossFraction());
        to.gauge("target_bits_per_second", (double) stats.target().bitsPerSecond());
        lastEncoderFailures.forEach(failure -> to.entry(
                "last_encoder_failures",
                Map.of(
                        "encoder", failure.encoder(),
                        "version", failure.version(),
                        "reason", failure.reason())));
    }
}
