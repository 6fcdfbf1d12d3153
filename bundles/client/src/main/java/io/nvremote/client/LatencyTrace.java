// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.media.StageStamps;
import java.util.EnumMap;
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

    private final long[] sequence = new long[SLOTS];
    private final long[] receivedAt = new long[SLOTS];
    private final long[] startedAt = new long[SLOTS];
    private final Map<Stage, Samples> samples = new EnumMap<>(Stage.class);
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
    }

    /** That picture was decoded and then shown, so long after it was received and after that. */
    synchronized void shown(long number, long decodeNanos, long showNanos) {
        shownCount++;
        int slot = Math.floorMod(number, SLOTS);
        if (sequence[slot] != number) {
            return;
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
