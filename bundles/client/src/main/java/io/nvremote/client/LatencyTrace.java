// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.media.StageStamps;
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

    /** What a picture goes through, in order. */
    enum Stage {
        CAPTURE,
        CONVERT,
        ENCODE,
        PACKETISE,
        NETWORK,
        DECODE,
        SHOW,
        TOTAL
    }

    private static final int SLOTS = 1024;
    /** Whole ways that are kept: two seconds at sixty pictures a second. */
    private static final int WAYS = 120;

    private final long[] sequence = new long[SLOTS];
    private final long[] receivedAt = new long[SLOTS];
    private final long[] startedAt = new long[SLOTS];
    private final Map<Stage, Samples> samples = new EnumMap<>(Stage.class);
    /** What each picture took up to here, stage by stage; empty where a stage is not known. */
    private final List<Map<Stage, Long>> arrived = new ArrayList<>(Collections.nCopies(SLOTS, Map.of()));

    private final Deque<Map<Stage, Long>> ways = new ArrayDeque<>();
    private long shownCount;

    LatencyTrace() {
        for (Stage stage : Stage.values()) {
            samples.put(stage, new Samples());
        }
        java.util.Arrays.fill(sequence, -1);
    }

    /** A unit came in whole at {@code now}; {@code offset} moves the host's clock to ours. */
    synchronized void received(long number, StageStamps stamps, long offset, long now) {
        add(Stage.CAPTURE, stamps.capturedNanos() - stamps.shownNanos(), stamps.shownNanos());
        add(Stage.CONVERT, stamps.convertedNanos() - stamps.capturedNanos(), stamps.convertedNanos());
        add(Stage.ENCODE, stamps.encodedNanos() - stamps.convertedNanos(), stamps.encodedNanos());
        add(Stage.PACKETISE, stamps.sentNanos() - stamps.encodedNanos(), stamps.sentNanos());
        add(Stage.NETWORK, now - stamps.sentNanos() - offset, stamps.sentNanos());
        int slot = Math.floorMod(number, SLOTS);
        sequence[slot] = number;
        receivedAt[slot] = now;
        startedAt[slot] = stamps.shownNanos() == 0 ? 0 : stamps.shownNanos() + offset;
        arrived.set(slot, stagesOf(stamps, now - offset));
    }

    private static Map<Stage, Long> stagesOf(StageStamps stamps, long arrivedNanos) {
        boolean whole = stamps.shownNanos() != 0
                && stamps.capturedNanos() != 0
                && stamps.convertedNanos() != 0
                && stamps.encodedNanos() != 0
                && stamps.sentNanos() != 0;
        return !whole
                ? Map.of()
                : Map.of(
                        Stage.CAPTURE, stamps.capturedNanos() - stamps.shownNanos(),
                        Stage.CONVERT, stamps.convertedNanos() - stamps.capturedNanos(),
                        Stage.ENCODE, stamps.encodedNanos() - stamps.convertedNanos(),
                        Stage.PACKETISE, stamps.sentNanos() - stamps.encodedNanos(),
                        Stage.NETWORK, arrivedNanos - stamps.sentNanos());
    }

    /**
     * Milliseconds of each stage but the total, in order, on average over the pictures shown last: of the same pictures all,
     * so that they add up to the whole way. Empty while no picture was followed from end to end.
     */
    synchronized Map<Stage, Double> meanMillis() {
        Map<Stage, Double> mean = new EnumMap<>(Stage.class);
        for (Map<Stage, Long> way : ways) {
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
            Map<Stage, Long> way = new EnumMap<>(arrived.get(slot));
            way.put(Stage.DECODE, decodeNanos);
            way.put(Stage.SHOW, showNanos);
            ways.addLast(way);
            if (ways.size() > WAYS) {
                ways.removeFirst();
            }
        }
        stage(Stage.DECODE).add(decodeNanos);
        stage(Stage.SHOW).add(showNanos);
        if (startedAt[slot] != 0) {
            stage(Stage.TOTAL).add(receivedAt[slot] + decodeNanos + showNanos - startedAt[slot]);
        }
    }

    /** Pictures that were shown, also those too late to be traced. */
    synchronized long shownCount() {
        return shownCount;
    }

    Samples stage(Stage stage) {
        return java.util.Objects.requireNonNull(samples.get(stage));
    }

    /** A stage that did not run leaves its stamp 0 and no sample. */
    private void add(Stage stage, long nanos, long stamp) {
        if (stamp != 0) {
            stage(stage).add(nanos);
        }
    }
}
