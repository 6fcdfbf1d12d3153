// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.plugins;

import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.updates.PluginUse;

/** Where streams tell what they do with services that may be plugins'. Safe for any thread; returns at once. */
@FunctionalInterface
public interface ServiceObserver {

    /** It broke its contract; has been set aside when this returns. */
    void failed(ServiceCandidate<?> service, String reason);

    /** Its code begins to work for a stream; what is returned hears of each call, and is closed when that has ended. Writes a small file. */
    default PluginUse inUse(ServiceCandidate<?> service) {
        return () -> {};
    }

    /** Whether a debugger may be at its code, which then has all the time that it takes. Looks at memory alone. */
    default boolean isInDevelopment(ServiceCandidate<?> service) {
        return false;
    }
}
