// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who tells how much in this runtime's log, by bundle: whatever the names of the loggers, and whichever way a bundle takes (SLF4J, the
 * OSGi log, {@code java.util.logging}). A service. Safe for any thread.
 */
@ProviderType
public interface RuntimeLog {

    /** The level of whatever nobody chose one for; takes a choice back. */
    String DEFAULT = "DEFAULT";

    /** What was chosen, and the plugins that are there, by name. The other bundles tell what the runtime is configured for. */
    List<BundleLevel> levels();

    /**
     * Lets a bundle tell what is of that level or above, and nothing below: at once, in every version of it, until the runtime ends.
     *
     * @param bundle its symbolic name
     * @param level {@code TRACE}, {@code DEBUG}, {@code INFO}, {@code WARN}, {@code ERROR}, {@code OFF} or {@link #DEFAULT}
     * @throws io.nvremote.core.StreamException {@link RuntimeError#UNKNOWN_BUNDLE}, unless a choice is taken back; {@link
     *     io.nvremote.core.CoreError#INVALID_VALUE} for what is no level
     */
    BundleLevel level(String bundle, String level);

    /**
     * The last lines that a plugin told, and that others told of it, oldest first, as they stand in the log. Those of one that was taken
     * away are there for a while; empty if there are none.
     *
     * @param plugin symbolic name of its bundle
     */
    List<String> lines(String plugin, int most);
}
