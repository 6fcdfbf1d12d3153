// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import java.time.Duration;
import java.util.Objects;

/**
 * What was measured of a plugin in this process, since its version first worked in it. Nothing is estimated: what can't be told apart from
 * the rest of the process, its native memory and what it keeps on the heap, is not here.
 *
 * @param deaths of the process within 24 hours while it was in use
 */
public record PluginFigures(Calls calls, Threads threads, int deaths) {

    /** A picture at 60 a second is there for a sixth of this. */
    public static final Duration STALL = Duration.ofMillis(100);

    /**
     * Calls of the runtime into what it opened.
     *
     * @param count of those that came back
     * @param stalls that took longer than {@link #STALL}, beyond what they were asked to wait
     * @param allocatedBytes on the heap, freed or not
     */
    public record Calls(long count, long stalls, Duration longest, long allocatedBytes) {

        public Calls {
            Objects.requireNonNull(longest);
        }
    }

    /**
     * Threads that run its code from their beginning, at this moment; one that idles in a pool runs nobody's.
     *
     * @param allocatedBytes on the heap since they began, freed or not
     */
    public record Threads(int count, long allocatedBytes) {}

    public PluginFigures {
        Objects.requireNonNull(calls);
        Objects.requireNonNull(threads);
    }
}
