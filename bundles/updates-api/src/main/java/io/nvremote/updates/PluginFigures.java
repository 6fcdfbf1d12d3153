// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import java.time.Duration;
import java.util.Objects;

/**
 * What was measured of a plugin in this process, since its version first worked in it, and of processes that it has of its own. Nothing
 * is estimated: what can't be told apart from the rest of this process, its native memory and what it keeps on the heap, is not here.
 *
 * @param deaths of this process within 24 hours while it was in use
 * @param processes {@link Processes#NONE} if it has none of its own
 */
public record PluginFigures(Calls calls, Threads threads, int deaths, Processes processes) {

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
     * @param most that were there at once, of those seen every few seconds
     * @param allocatedBytes on the heap since they began, freed or not
     */
    public record Threads(int count, int most, long allocatedBytes) {}

    /**
     * Worker processes that run its code: those that run now, spares included, and what became of those before.
     *
     * @param running how many there are now
     * @param threads of all that run now
     * @param mostThreads that they had at once, of those seen every tenth of a second
     * @param residentBytes memory of all that run now, native and heap (RSS)
     * @param mostResidentBytes the same at its highest
     * @param cpu time that all of them took, those that ended included
     * @param restarts work that went on in another process after one was lost
     * @param deaths of processes that were not asked to end
     * @param unanswered calls that did not come back in time, which ended their process
     */
    public record Processes(
            int running,
            int threads,
            int mostThreads,
            long residentBytes,
            long mostResidentBytes,
            Duration cpu,
            long restarts,
            long deaths,
            long unanswered) {

        /** Of a plugin without processes of its own. */
        public static final Processes NONE = new Processes(0, 0, 0, 0, 0, Duration.ZERO, 0, 0, 0);

        public Processes {
            Objects.requireNonNull(cpu);
        }

        /** Both together; what they had at most may not have been at one time. */
        public Processes and(Processes other) {
            return new Processes(
                    running + other.running,
                    threads + other.threads,
                    mostThreads + other.mostThreads,
                    residentBytes + other.residentBytes,
                    mostResidentBytes + other.mostResidentBytes,
                    cpu.plus(other.cpu),
                    restarts + other.restarts,
                    deaths + other.deaths,
                    unanswered + other.unanswered);
        }
    }

    public PluginFigures {
        Objects.requireNonNull(calls);
        Objects.requireNonNull(threads);
        Objects.requireNonNull(processes);
    }
}
