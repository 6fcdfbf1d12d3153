// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import io.nvremote.core.Bitrate;

/**
 * Figures of a sender since it began; {@code roundTripNanos} 0 and {@code lossFraction} 0 until a report came.
 *
 * @param target the rate that the path takes now, as told to the encoder
 */
public record SenderStats(
        long units,
        long packets,
        long bytes,
        long retransmissions,
        long keyFrameRequests,
        long malformed,
        long roundTripNanos,
        double lossFraction,
        Bitrate target) {}
