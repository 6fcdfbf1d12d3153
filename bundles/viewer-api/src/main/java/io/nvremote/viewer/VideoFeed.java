// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.transport.ReceiverStats;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The pictures of a session, as far as a view has a say in them. Safe for any thread. */
@ProviderType
public interface VideoFeed {

    /** The next picture must be decodable on its own. May be asked as often as one likes. */
    void requestKeyFrame();

    /** The view decoded a picture. */
    void decoded();

    /** A unit that arrived whole could not be decoded. */
    void undecodable();

    /** The picture of that sequence was shown: decoded so long after its arrival, shown so long after that. */
    void shown(long sequence, long decodeNanos, long showNanos);

    /** Pictures shown so far. */
    long shownCount();

    ReceiverStats received();

    /** From the host's monotonic clock to ours; 0 until known. */
    long hostClockOffsetNanos();

    /**
     * What a stage took.
     *
     * @param newest how many of the newest pictures count
     */
    Latency latency(LatencyStage stage, int newest);

    /** Milliseconds of each stage but the total, on average over the same pictures, so that they add up. Empty: none yet. */
    Map<LatencyStage, Double> meanMillis();

    /** Milliseconds by nearest rank; NaN without samples. */
    record Latency(double p50, double p95, double p99) {}
}
