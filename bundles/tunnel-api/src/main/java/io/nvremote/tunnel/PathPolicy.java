// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

/** Which ways a tunnel may take. */
public enum PathPolicy {
    /** Relay first, then the best direct path that answers. */
    AUTO,
    /** Through the relay alone. */
    RELAY
}
