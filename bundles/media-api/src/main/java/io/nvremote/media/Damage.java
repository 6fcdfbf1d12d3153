// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import java.util.BitSet;

/**
 * Where a picture differs from the one before it, in whole rows. "The one before it" is the picture of the same session
 * whose {@link Frame#sequence()} is one less; who has not seen that one has to take the whole picture.
 *
 * @param session the capture session, compared by identity: pictures of two sessions have nothing in common
 * @param rows the rows that may differ, 0 at the top; all others are the same. Nobody changes it any more
 */
public record Damage(Object session, BitSet rows) {

    /** Whether any row from one to before another may differ. */
    public boolean touches(int fromRow, int toRow) {
        int first = rows.nextSetBit(fromRow);
        return first >= 0 && first < toRow;
    }
}
