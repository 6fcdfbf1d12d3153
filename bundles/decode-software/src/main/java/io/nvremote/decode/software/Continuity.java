// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import java.nio.ByteBuffer;

/** Notices pictures that never came, of one stream. Not safe for several threads at once. */
@FunctionalInterface
interface Continuity {

    /** Whether the unit's picture can be the one behind the last that followed. False as well if the unit holds none. */
    boolean follows(ByteBuffer unit);
}
