// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input;

import org.osgi.annotation.versioning.ConsumerType;

/** Input of one client on one screen. {@link #inject} belongs to one thread at a time, {@link #close} to any. */
@ConsumerType
public interface InputSession extends AutoCloseable {

    /**
     * Injects one event now. Unknown keys are ignored and counted. A key that goes down while it is down is typed once
     * more (a modifier is not); the screen's own key repeat must not add to that. A key that goes up and is not down is
     * ignored.
     */
    void inject(InputEvent event);

    /** Releases every key and button that this session holds down, then the screen. Idempotent. */
    @Override
    void close();
}
