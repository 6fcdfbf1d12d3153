// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A component whose work outlasts the replacement of its bundle, which says {@code Nvremote-Replace: retires}: another version takes what
 * begins from now on, and what began here goes on here, with all that it uses, until the component has nothing more {@link Underway}; then
 * its bundle is stopped. A service, of the very component. Safe for any thread.
 */
@ConsumerType
public interface Retiring {

    /**
     * Lets go of what only one version can have, such as a port or a file, before the other one starts. Returns soon. What comes meanwhile is
     * still taken.
     */
    void retire();

    /** The other version goes: takes up again what {@link #retire} let go of. */
    void resume();
}
