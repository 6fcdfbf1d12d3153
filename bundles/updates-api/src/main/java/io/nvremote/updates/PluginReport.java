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

    /** Where a plugin is in its life. */
    public enum State {
        /** Its services are there. */
        ACTIVE,
        /** As {@link #ACTIVE}, but nobody watches it, and nothing that it does counts against it. */
        IN_DEVELOPMENT,
        /** It failed; this version is refused. */
        QUARANTINED,
        /** It was installed before, but could not be started again; {@code detail} says why. Tried anew at the next start. */
        NOT_RESTORED
    }
}
