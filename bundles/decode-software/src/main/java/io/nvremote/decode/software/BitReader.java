// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import java.nio.ByteBuffer;

/** Bits of a part of a unit, most significant first; zeros behind its end. Not safe for several threads at once. */
final class BitReader {

    private final ByteBuffer unit;
    private final int end;
    /** Whether a byte 3 behind two zeros only keeps start codes apart (ISO/IEC 14496-10 section 7.4.1). */
    private final boolean escaped;

    private int at;
    private int bit;
    private int zeros;

    private BitReader(ByteBuffer unit, int start, int end, boolean escaped) {
        this.unit = unit;
        this.at = start;
        this.end = end;
        this.escaped = escaped;
    }

    /** From there to the unit's end. */
    static BitReader ofNal(ByteBuffer unit, int start) {
        return new BitReader(unit, start, unit.limit(), true);
    }

    static BitReader of(ByteBuffer unit, int start, int end) {
        return new BitReader(unit, start, end, false);
    }

    int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 1) | bit();
        }
        return value;
    }

    boolean flag() {
        return bit() == 1;
    }

    void skip(int count) {
        for (int i = 0; i < count; i++) {
            bit();
        }
    }

    /** An Exp-Golomb number, ISO/IEC 14496-10 section 9.1 and AV1 section 4.10.3; 0 where it would not fit. */
    int unsigned() {
        int leading = 0;
        while (leading < 16 && at < end && bit() == 0) {
            leading++;
        }
        return leading < 16 ? (1 << leading) - 1 + bits(leading) : 0;
    }

    private int bit() {
        if (at >= end) {
            return 0;
        }
        int value = (unit.get(at) >> (7 - bit)) & 1;
        if (++bit == 8) {
            bit = 0;
            advance();
        }
        return value;
    }

    private void advance() {
        zeros = unit.get(at) == 0 ? zeros + 1 : 0;
        at++;
        if (escaped && zeros >= 2 && at < end && unit.get(at) == 3) {
            at++;
            zeros = 0;
        }
    }
}
