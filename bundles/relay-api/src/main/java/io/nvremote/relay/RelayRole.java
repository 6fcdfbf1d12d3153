// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

/** Which end of a session a datagram comes from. */
public enum RelayRole {
    CLIENT("client"),
    HOST("host");

    private final String wireName;

    RelayRole(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the wire: {@code client} or {@code host}. */
    public String wireName() {
        return wireName;
    }
}
