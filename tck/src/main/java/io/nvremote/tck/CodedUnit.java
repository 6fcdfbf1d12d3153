// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.media.AccessUnit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An access unit kept beyond the call that lent it. */
record CodedUnit(AccessUnit unit) {

    static CodedUnit copyOf(AccessUnit lent) {
        ByteBuffer copy = ByteBuffer.allocateDirect(lent.data().remaining());
        copy.put(lent.data().duplicate()).flip();
        return new CodedUnit(
                new AccessUnit(lent.codec(), copy.asReadOnlyBuffer(), lent.keyFrame(), lent.sequence(), lent.stamps()));
    }

    int bytes() {
        return unit.data().remaining();
    }

    /** Types of its H.264 NAL units in order (ISO/IEC 14496-10 Annex B and table 7-1). */
    List<Integer> nalTypes() {
        List<Integer> types = new ArrayList<>();
        ByteBuffer data = unit.data();
        for (int i = data.position(); i + 3 < data.limit(); i++) {
            if (data.get(i) == 0 && data.get(i + 1) == 0 && data.get(i + 2) == 1) {
                types.add(data.get(i + 3) & 0x1F);
            }
        }
        return types;
    }
}
