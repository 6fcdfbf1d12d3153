// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A way into this runtime that can make those who ask wait at the door for a moment, so that what answers them can be exchanged. A
 * service.
 */
@ConsumerType
public interface Front {

    /**
     * Lets what is being answered end, for a few seconds at most, and from then on makes new questions wait instead of being answered.
     * They wait for a bounded time and are then told to come back.
     */
    Hold hold();

    /** Until it is closed, questions wait. Any thread may close it; idempotent. */
    @ConsumerType
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }
}
