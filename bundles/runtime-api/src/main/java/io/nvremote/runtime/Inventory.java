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
}
