// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The bundles that a running runtime is made of, which its operator replaces one by one. Plugins of vendors are {@link Plugins}'
 * business. A service. Safe for any thread; one exchange runs at a time.
 */
@ProviderType
public interface RuntimeBundles {

    /** When a new version takes over. */
    enum When {
        /** Now, while everything else goes on. Refused while something would end with it. */
        NOW,
        /** As soon as nothing would end with it, or at the next start. */
        WHEN_IDLE,
        /** Now, whatever ends with it. */
        FORCED,
        /** At the next start of the runtime: for what others are wired to. */
        AT_RESTART
    }

    /** What this runtime is made of, by name. */
    List<BundleReport> list();

    /**
     * Puts another version of one of the runtime's bundles in its place and keeps it for the next starts. Blocks until everything that ran
     * before runs with the new version, or the old one is back.
     *
     * @param jar signed by somebody who may release bundles for this runtime
     * @param downgrade whether its version may be lower than the one that runs
     * @throws io.nvremote.core.StreamException with an {@link UpdateError}; the runtime is then as it was before
     */
    BundleChange update(Path jar, When when, boolean downgrade);

    /**
     * Puts back the version that ran before the last update of that bundle.
     *
     * @param name symbolic name of the bundle
     * @throws io.nvremote.core.StreamException {@link UpdateError#NOT_INSTALLED}, {@link UpdateError#NOTHING_BEFORE}, or as
     *     {@link #update}
     */
    BundleChange rollback(String name, When when);

    /** What was changed and what was tried, oldest first; the last {@code 200}. */
    List<BundleChange> history();
}
