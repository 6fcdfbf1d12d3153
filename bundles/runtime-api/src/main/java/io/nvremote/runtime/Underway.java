// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A component that works for people who would notice if it stopped: a stream ends. A service, of the very component. Safe for any thread;
 * answers at once.
 */
@ConsumerType
public interface Underway {

    /** What would end with the component, in words for an operator: {@code 2 sessions}; empty if nothing would. */
    List<String> underway();
}
