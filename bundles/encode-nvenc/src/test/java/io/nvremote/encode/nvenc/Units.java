// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keeps the units of a stream. */
final class Units implements AccessUnitSink {

    static final int SPS = 7;
    static final int IDR = 5;

    private final List<AccessUnit> all = new ArrayList<>();

    @Override
    public void accept(AccessUnit unit) {
        ByteBuffer copy = ByteBuffer.allocateDirect(unit.data().remaining());
        copy.put(unit.data().duplicate()).flip();
        all.add(new AccessUnit(unit.codec(), copy, unit.keyFrame(), unit.sequence(), unit.stamps()));
    }

    List<AccessUnit> all() {
        return all;
    }

    List<Long> keyFrames() {
        return all.stream()
                .filter(AccessUnit::keyFrame)
                .map(AccessUnit::sequence)
                .toList();
    }

    /** Bytes of the units from one to before another. */
    int bytes(int from, int to) {
        return all.subList(from, to).stream()
                .mapToInt(unit -> unit.data().remaining())
                .sum();
    }

    /** Types of the H.264 NAL units (ISO/IEC 14496-10 Annex B and table 7-1) in order. */
    static List<Integer> nalTypes(byte[] data) {
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i + 3 < data.length; i++) {
            if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) {
                types.add(data[i + 3] & 0x1F);
            }
        }
        return types;
    }
}
