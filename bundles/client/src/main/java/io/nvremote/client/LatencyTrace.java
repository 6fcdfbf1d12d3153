// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.media.StageStamps;
import io.nvremote.viewer.LatencyStage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time goes between the host's screen and ours, picture by picture. Host stamps are moved to our clock by the
 * offset that RTCP measured. The receiving thread writes {@link #received}; whoever shows writes {@link #shown}; both and
 * the readers may be different threads.
 */
final class LatencyTrace {

    private static final int SLOTS = 1024;
    /** Whole ways that are kept: two seconds at sixty pictures a second. */
    private static final int WAYS = 120;

    private final long[] sequence = new long[SLOTS];
    private final long[] receivedAt = new long[SLOTS];
    private final long[] startedAt = new long[SLOTS];
    private final Map<LatencyStage, Samples> samples = new EnumMap<>(LatencyStage.class);
    /** What each picture took up to here, stage by stage; empty where a stage is not known. */
    private final List<Map<LatencyStage, Long>> arrived = new ArrayList<>(Collections.nCopies(SLOTS, Map.of()));

    private final Deque<Map<LatencyStage, Long>> ways = new ArrayDeque<>();
    private long shownCount;

    LatencyTrace() {
        for (LatencyStage stage : LatencyStage.values()) {
            samples.put(stage, new Samples());
        }
        java.util.Arrays.fill(sequence, -1);
    }

    /** A unit came in whole at {@code now}; {@code offset} moves the host's clock to ours. */
    synchronized void received(long number, StageStamps stamps, long offset, long now) {
        add(LatencyStage.CAPTURE, stamps.capturedNanos() - stamps.shownNanos(), stamps.shownNanos());
        add(LatencyStage.CONVERT, stamps.convertedNanos() - stamps.capturedNanos(), stamps.convertedNanos());
        add(LatencyStage.ENCODE, stamps.encodedNanos() - stamps.convertedNanos(), stamps.encodedNanos());
        add(LatencyStage.PACKETISE, stamps.sentNanos() - stamps.encodedNanos(), stamps.sentNanos());
        add(LatencyStage.NETWORK, now - stamps.sentNanos() - offset, stamps.sentNanos());
        int slot = Math.floorMod(number, SLOTS);
        sequence[slot] = number;
        receivedAt[slot] = now;
        startedAt[slot] = stamps.shownNanos() == 0 ? 0 : stamps.shownNanos() + offset;
        arrived.set(slot, stagesOf(stamps, now - offset));
    }

    private static Map<LatencyStage, Long> stagesOf(StageStamps stamps, long arrivedNanos) {
        boolean whole = stamps.shownNanos() != 0
                && stamps.capturedNanos() != 0
                && stamps.convertedNanos() != 0
                && stamps.encodedNanos() != 0
                && stamps.sentNanos() != 0;
        return !whole
                ? Map.of()
                : Map.of(
                        LatencyStage.CAPTURE, stamps.capturedNanos() - stamps.shownNanos(),
                        LatencyStage.CONVERT, stamps.convertedNanos() - stamps.capturedNanos(),
                        LatencyStage.ENCODE, stamps.encodedNanos() - stamps.convertedNanos(),
                        LatencyStage.PACKETISE, stamps.sentNanos() - stamps.encodedNanos(),
                        LatencyStage.NETWORK, arrivedNanos - stamps.sentNanos());
    }

    /**
     * Milliseconds of each stage but the total, in order, on average over the pictures shown last: of the same pictures all,
     * so that they add up to the whole way. Empty while no picture was followed from end to end.
     */
    synchronized Map<LatencyStage, Double> meanMillis() {
        Map<LatencyStage, Double> mean = new EnumMap<>(LatencyStage.class);
        for (Map<LatencyStage, Long> way : ways) {
            way.forEach((stage, nanos) -> mean.merge(stage, nanos / 1e6 / ways.size(), Double::sum));
        }
        return mean;
    }

    /** That picture was decoded and then shown, so long after it was received and after that. */
    synchronized void shown(long number, long decodeNanos, long showNanos) {
        shownCount++;
        int slot = Math.floorMod(number, SLOTS);
        if (sequence[slot] != number) {
            return;
        }
        if (!arrived.get(slot).isEmpty()) {
            Map<LatencyStage, Long> way = new EnumMap<>(arrived.get(slot));
            way.put(LatencyStage.DECODE, decodeNanos);
            way.put(LatencyStage.SHOW, showNanos);
            ways.addLast(way);
            if (ways.size() > WAYS) {
                ways.removeFirst();
            }
        }
        stage(LatencyStage.DECODE).add(decodeNanos);
        stage(LatencyStage.SHOW).add(showNanos);
        if (startedAt[slot] != 0) {
            stage(LatencyStage.TOTAL).add(receivedAt[slot] + decodeNanos + showNanos - startedAt[slot]);
        }
    }

    /** Pictures that were shown, also those too late to be traced. */
    synchronized long shownCount() {
        return shownCount;
    }

    Samples stage(LatencyStage stage) {
        return java.util.Objects.requireNonNull(samples.get(stage));
    }

    /** A stage that did not run leaves its stamp 0 and no sample. */
    private void add(LatencyStage stage, long nanos, long stamp) {
        if (stamp != 0) {
            stage(stage).add(nanos);
        }
    }
}
