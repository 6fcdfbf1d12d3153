// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Somebody who knows what is at work beyond components that are active: a whiteboard that takes services up later, on threads of its
 * own. A service. Safe for any thread.
 */
@ConsumerType
public interface Inventory {

    /** What is at work right now, by names that stay the same when a bundle is replaced by another version of itself. */
    Set<String> atWork();

    /**
     * Ids of services ({@code service.id}) that it was offered and could not get, because whatever is behind them failed just then. A
     * whiteboard asks for a service once: such a one is of no use for as long as it is registered, and whoever offers it has to
     * register it anew.
     */
    default Set<Long> refused() {
        return Set.of();
    }
}
