// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

/**
 * Sealed datagrams one behind the other, as many as one system call takes. Guarded by its owner.
 */
final class SendBatch {

    /** What every kernel with UDP_SEGMENT takes at once ({@code UDP_MAX_SEGMENTS}). */
    static final int MAX_DATAGRAMS = 64;
    /** With the headers of IPv6 and UDP still less than the 65535 bytes that an IP packet can be before it is cut. */
    static final int MAX_BYTES = 65_000;

    private final byte[] bytes = new byte[MAX_BYTES];
    private final int[] starts = new int[MAX_DATAGRAMS + 1];
    private int count;

    /** Whether one more datagram of up to that many bytes fits. */
    boolean hasRoom(int length) {
        return count < MAX_DATAGRAMS && starts[count] + length <= MAX_BYTES;
    }

    /** Takes what was written from {@link #at at(count)} on for a datagram of that length. */
    void add(int length) {
        starts[count + 1] = starts[count] + length;
        count++;
    }

    int count() {
        return count;
    }

    /** The datagrams themselves, not a copy. */
    byte[] bytes() {
        return bytes;
    }

    /** Where a datagram begins; for {@link #count}, where the next one would. */
    int at(int index) {
        return starts[index];
    }

    int length(int index) {
        return starts[index + 1] - starts[index];
    }

    /** How many datagrams from this one on have its length, and one shorter behind them: what a kernel cuts apart. */
    int run(int first) {
        int length = length(first);
        int behind = first + 1;
        while (behind < count && length(behind) == length) {
            behind++;
        }
        return behind < count && length(behind) < length ? behind + 1 - first : behind - first;
    }

    void clear() {
        count = 0;
    }
}
