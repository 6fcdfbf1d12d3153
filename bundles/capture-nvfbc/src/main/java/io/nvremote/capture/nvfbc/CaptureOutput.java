// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.nvremote.capture.CaptureError;
import io.nvremote.core.StreamException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What of the X screen is captured. Outputs are known by name: their numbers move with each change of the screen.
 *
 * @param id the driver's number now; 0 for the whole screen
 * @param x where it lies in the screen, pixels from the left
 * @param y pixels from the top
 */
record CaptureOutput(int id, int x, int y) {

    static final CaptureOutput WHOLE_SCREEN = new CaptureOutput(0, 0, 0);

    private static final int OUTPUTS = 28;
    private static final int OUTPUT_BYTES = 148;
    private static final int MOST = 5;
    private static final int COUNT = 768;

    /** The one of that name in the driver's status; the whole screen for none. */
    static CaptureOutput named(String name, MemorySegment status) {
        if (name.isEmpty()) {
            return WHOLE_SCREEN;
        }
        List<String> there = names(status);
        int found = there.indexOf(name);
        if (found < 0) {
            throw new StreamException(
                    CaptureError.SOURCE_UNAVAILABLE, "the screen has no output " + name + ", it has " + there);
        }
        long at = OUTPUTS + (long) found * OUTPUT_BYTES;
        return new CaptureOutput(
                status.get(JAVA_INT, at), status.get(JAVA_INT, at + 132), status.get(JAVA_INT, at + 136));
    }

    /** Of all outputs in the driver's status, in its order. */
    static List<String> names(MemorySegment status) {
        List<String> there = new ArrayList<>();
        for (int i = 0; i < Math.min(status.get(JAVA_INT, COUNT), MOST); i++) {
            there.add(status.getString(OUTPUTS + (long) i * OUTPUT_BYTES + 4));
        }
        return List.copyOf(there);
    }
}
