// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** UUIDs that rise in time, RFC 9562 section 5.7. Safe for any number of threads. */
public final class UuidV7 {

    private static final SecureRandom RANDOM = new SecureRandom();
    /** Last timestamp and sequence handed out: 48 bits of milliseconds, 12 bits of sequence (section 6.2, method 1). */
    private static final AtomicLong LAST = new AtomicLong();

    private UuidV7() {}

    /** The next id of this process: greater than every id it handed out before. */
    public static UUID next() {
        long now = Clock.system().instant().toEpochMilli() << 12;
        long stamp = LAST.updateAndGet(last -> Math.max(now, last + 1));
        long high = (stamp >>> 12 << 16) | 0x7000L | (stamp & 0xFFFL);
        long low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** Reads the canonical 36-character form of any UUID; {@link CoreError#INVALID_ID} names {@code what} otherwise. */
    public static UUID parse(String what, String text) {
        if (text.length() == 36) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw new StreamException(CoreError.INVALID_ID, what + " is not a UUID", e);
            }
        }
        throw new StreamException(CoreError.INVALID_ID, what + " is not a UUID: " + text.length() + " characters");
    }
}
