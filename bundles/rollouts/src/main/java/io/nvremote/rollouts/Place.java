// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import io.nvremote.core.HostId;
import java.time.Instant;

/**
 * One host's place in a roll-out. Immutable.
 *
 * @param name of the host, for people
 * @param wave from 0
 * @param detail what the host said last; empty before that
 * @param at since when it is at this step
 */
record Place(HostId host, String name, int wave, Step step, String detail, Instant at) {

    /** How far the host is. */
    enum Step {
        /** Nothing was said to it yet: it is not its wave's turn, or the host is away. */
        TO_COME,
        /** It was told, and has not answered. */
        OFFERED,
        /** It has the new version, and waits for a moment when nothing ends with it. */
        WAITING,
        /** It runs the new version. */
        DONE,
        /** The version is nothing for it: it has no such bundle, or takes no single ones. */
        SKIPPED,
        /** It runs the old version: it refused the new one, or could not run with it, or never said. */
        FAILED
    }

    Place now(Step next, String said, Instant when) {
        return next == step && said.equals(detail) ? this : new Place(host, name, wave, next, said, when);
    }

    Place inWave(int turn) {
        return new Place(host, name, turn, step, detail, at);
    }

    /** Whether it was told and nobody knows yet what becomes of it. */
    boolean isOpen() {
        return step == Step.OFFERED || step == Step.WAITING;
    }
}
