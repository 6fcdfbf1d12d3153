// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

/**
 * Figures of a receiver since it began.
 *
 * @param lost packets that never came, repair included
 * @param repaired packets that came by retransmission
 * @param unitsDropped units given up as incomplete or not decodable
 * @param jitterNanos interarrival jitter (RFC 3550 section 6.4.1)
 */
public record ReceiverStats(
        long units,
        long packets,
        long bytes,
        long lost,
        long repaired,
        long unitsDropped,
        long malformed,
        long jitterNanos,
        long roundTripNanos) {}
