// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/** Puts the RTP payloads of one codec together to units. One thread at a time. */
interface Assembler {

    /** Begins a unit in {@code target}, which {@link #finish} hands back, or a larger one in its place. */
    void begin(ByteBuffer target);

    /** Adds the next payload; false if it breaks the format. */
    boolean add(byte[] payload, int length);

    /** Whether the unit is at its end, with nothing half done, and not empty. */
    boolean whole();

    /** Whether it can be decoded alone, as far as it tells. */
    boolean key();

    /** The unit, position to limit. */
    ByteBuffer finish();

    /** The buffer itself if that many bytes fit behind its position, or a larger one with what it has. */
    static ByteBuffer room(ByteBuffer unit, int bytes) {
        if (unit.remaining() >= bytes) {
            return unit;
        }
        return ByteBuffer.allocateDirect(Math.max(2 * unit.capacity(), unit.position() + bytes))
                .put(unit.flip());
    }
}
