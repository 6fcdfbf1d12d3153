// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import java.time.Instant;
import java.util.Objects;

/**
 * One change of a runtime's bundle, or an attempt.
 *
 * @param name symbolic name of the bundle
 * @param from version that ran before
 * @param to version that was to run
 * @param detail what else an operator should know; why, if it failed; empty if there is nothing to say
 */
public record BundleChange(String name, String from, String to, State state, String detail, Instant at) {

    /** What came of it. */
    public enum State {
        /** The new version runs. */
        REPLACED,
        /** It takes over at the next start, or when nothing would end with it. */
        WAITING,
        /** With the new version something did not run: the old one was put back. */
        UNDONE
    }

    public BundleChange {
        Objects.requireNonNull(name);
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        Objects.requireNonNull(state);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(at);
    }
}
