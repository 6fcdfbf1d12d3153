// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import java.io.IOException;
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

    /**
     * Whether something that was offered to it is neither at work nor known to it as failed. For a moment that is so while services come
     * and go; if it stays, it has stopped listening, and only {@link #startAnew} helps.
     */
    default boolean deaf() {
        return false;
    }

    /**
     * Starts whoever takes services up anew; blocks. Requests that it serves just then are broken off.
     *
     * @throws java.io.IOException if it can't be stopped or started
     */
    default void startAnew() throws IOException {
        // Who is never deaf needs no new start.
    }
}
