// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.util.concurrent.TimeUnit;

/** Numbers of the WireGuard protocol (whitepaper sections 5.4 and 6.1). Times in nanoseconds. */
final class Protocol {

    static final int INITIATION = 1;
    static final int RESPONSE = 2;
    static final int COOKIE_REPLY = 3;
    static final int DATA = 4;

    static final int INITIATION_LENGTH = 148;
    static final int RESPONSE_LENGTH = 92;
    static final int COOKIE_REPLY_LENGTH = 64;
    static final int DATA_HEADER = 16;
    /** Header and tag of a data message. */
    static final int DATA_OVERHEAD = DATA_HEADER + Aead.TAG;

    /** The longest inner packet there ever is: what an Ethernet carries over IPv4 (1500 bytes) less all headers. */
    static final int MOST_MTU = 1440;

    static final int MAC_LENGTH = 16;
    static final int PADDING = 16;

    static final long REKEY_AFTER_TIME = seconds(120);
    static final long REJECT_AFTER_TIME = seconds(180);
    static final long REKEY_ATTEMPT_TIME = seconds(90);
    static final long REKEY_TIMEOUT = seconds(5);
    static final long REKEY_JITTER = TimeUnit.MILLISECONDS.toNanos(334);
    static final long KEEPALIVE_TIMEOUT = seconds(10);
    static final long PERSISTENT_KEEPALIVE = seconds(25);
    static final long COOKIE_LIFE = seconds(120);
    /** A cookie is used up to this age, so that it does not expire on its way (COOKIE_SECRET_LATENCY). */
    static final long COOKIE_USE = seconds(115);

    static final long REKEY_AFTER_MESSAGES = 1L << 60;
    /** 2^64 - 2^13 - 1 in the whitepaper; counters here are signed, and this is as far from being reached. */
    static final long REJECT_AFTER_MESSAGES = Long.MAX_VALUE - (1 << 13);
    /** At most one initiation of a peer is answered in this time. */
    static final long INITIATION_SPACING = TimeUnit.MILLISECONDS.toNanos(20);
    /**
     * Before the first answer of all, a lost initiation is repeated sooner than REKEY_TIMEOUT, twice: a person waits for
     * the first picture. A peer answers each, and the answer to the newest counts.
     */
    static final long FIRST_RETRY = seconds(1);

    static final int FIRST_RETRIES = 2;

    private Protocol() {}

    static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    /** The type word; bytes 1 to 3 must be zero, which also keeps STUN apart. */
    static int type(byte[] message) {
        return int32(message, 0);
    }

    static int int32(byte[] from, int at) {
        return (from[at] & 0xFF)
                | (from[at + 1] & 0xFF) << 8
                | (from[at + 2] & 0xFF) << 16
                | (from[at + 3] & 0xFF) << 24;
    }

    static void int32(byte[] to, int at, int value) {
        for (int i = 0; i < 4; i++) {
            to[at + i] = (byte) (value >>> (8 * i));
        }
    }

    static long int64(byte[] from, int at) {
        return (int32(from, at) & 0xFFFF_FFFFL) | (long) int32(from, at + 4) << 32;
    }

    static void int64(byte[] to, int at, long value) {
        int32(to, at, (int) value);
        int32(to, at + 4, (int) (value >>> 32));
    }
}
