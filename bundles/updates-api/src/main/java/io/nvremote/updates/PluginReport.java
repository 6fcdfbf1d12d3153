// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import java.time.Instant;

/**
 * One plugin.
 *
 * @param name symbolic name of its bundle
 * @param publisher subject of the certificate that signed it
 * @param replaced version that it took over from; empty if it was new
 */
public record PluginReport(
        String name, String version, State state, String publisher, String replaced, String detail, Instant since) {

    /** The same plugin in another state. */
    public PluginReport now(State other, String why, Instant when) {
        return new PluginReport(name, version, other, publisher, replaced, why, when);
    }

    /** Where a plugin is in its life. */
    public enum State {
        /** Its services are there. */
        ACTIVE,
        /** As {@link #ACTIVE}, but nobody watches it, and nothing that it does counts against it. */
        IN_DEVELOPMENT,
        /** It failed; this version is refused. */
        QUARANTINED,
        /** Trust was taken back from it or its publisher; {@code detail} says why. It comes back when it is given again. */
        REVOKED,
        /** It was installed before, but could not be started again; {@code detail} says why. Tried anew at the next start, and when other things are revoked. */
        NOT_RESTORED
    }
}
