// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/**
 * The timestamp of an initiation (TAI64N), which must rise from one to the next. Its last 24 bits of nanoseconds are
 * zero, so that it tells nobody how this machine's clock ticks. One thread.
 */
final class Tai64n {

    static final int LENGTH = 12;

    private static final long EPOCH = 0x400000000000000AL;
    private static final int WHITENING = 1 << 24;

    private final Instant start;
    private final long startNanos;
    private byte[] last = new byte[LENGTH];

    /** Wall time and monotonic time of the same moment; only the latter is read from then on. */
    Tai64n(Instant start, long startNanos) {
        this.start = start;
        this.startNanos = startNanos;
    }

    byte[] stamp(long now) {
        Instant instant = start.plusNanos(now - startNanos);
        byte[] stamp = encode(instant);
        while (!after(stamp, last)) {
            instant = instant.plusNanos(WHITENING);
            stamp = encode(instant);
        }
        last = stamp;
        return stamp.clone();
    }

    private static byte[] encode(Instant instant) {
        return ByteBuffer.allocate(LENGTH)
                .putLong(EPOCH + instant.getEpochSecond())
                .putInt(instant.getNano() & -WHITENING)
                .array();
    }

    /** Whether one timestamp is later than another. */
    static boolean after(byte[] stamp, byte[] other) {
        return Arrays.compareUnsigned(stamp, other) > 0;
    }
}
