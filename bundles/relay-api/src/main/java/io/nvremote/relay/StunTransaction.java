// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * The 96-bit transaction id that ties an answer to its request (RFC 8489 section 5). Immutable.
 *
 * @param high the first 4 bytes
 * @param low the last 8 bytes
 */
public record StunTransaction(int high, long low) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new unpredictable id: whoever can't see the request can't forge its answer. */
    public static StunTransaction next() {
        return new StunTransaction(RANDOM.nextInt(), RANDOM.nextLong());
    }

    static StunTransaction read(ByteBuffer in) {
        return new StunTransaction(in.getInt(), in.getLong());
    }

    void write(ByteBuffer out) {
        out.putInt(high).putLong(low);
    }
}
