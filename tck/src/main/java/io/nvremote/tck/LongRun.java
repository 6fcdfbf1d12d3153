// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

/** How often something is tried: a few times for each change, many with {@code -Dnvremote.long=true}. */
final class LongRun {

    private static final boolean LONG = Boolean.getBoolean("nvremote.long");

    private LongRun() {}

    static int times(int usually, int inALongRun) {
        return LONG ? inALongRun : usually;
    }
}
