// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/**
 * Whether decoding can begin with a temporal unit: a sequence header, then as the first picture a key frame (AV1 sections 7.5 and
 * 5.9.2). One thread at a time.
 */
final class Av1Start {

    private static final int SEQUENCE_HEADER = 1;
    private static final int FRAME_HEADER = 3;
    private static final int FRAME = 6;

    private boolean sequence;
    private boolean picture;
    private boolean key;

    void reset() {
        sequence = false;
        picture = false;
        key = false;
    }

    /**
     * The next OBU of the unit.
     *
     * @param first byte of its payload; -1 if it has none
     */
    void note(int type, int first) {
        sequence |= type == SEQUENCE_HEADER;
        if (!picture && first >= 0 && (type == FRAME || type == FRAME_HEADER)) {
            picture = true;
            // Neither an existing frame shown again nor of another type than 0.
            key = sequence && (first & 0xE0) == 0;
        }
    }

    boolean key() {
        return key;
    }
}
