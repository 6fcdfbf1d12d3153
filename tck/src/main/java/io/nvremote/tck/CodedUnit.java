// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.media.AccessUnit;
import java.nio.ByteBuffer;
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

    /** {@link CodedParts} of it, each once. */
    List<String> parts() {
        return CodedParts.of(unit);
    }
}
