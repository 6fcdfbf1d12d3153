// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

/** Where a session is in its life. PENDING to ACTIVE, FAILED, TERMINATED, EXPIRED; ACTIVE to the last three. */
public enum SessionStatus {
    PENDING,
    ACTIVE,
    TERMINATED,
    FAILED,
    EXPIRED;

    /** Whether it holds an address pair. */
    public boolean live() {
        return this == PENDING || this == ACTIVE;
    }
}
