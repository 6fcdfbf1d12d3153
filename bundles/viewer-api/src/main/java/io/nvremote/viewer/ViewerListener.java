// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears that {@link Viewer#state} is another one. Called on any thread; must not block. */
@ConsumerType
public interface ViewerListener {

    /** Something that a person did or waits for. */
    void changed();

    /** Nothing but how a host is, which is often where there are many. */
    default void hostsChanged() {
        changed();
    }
}
