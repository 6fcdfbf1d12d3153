// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

/** What a member may do, from much to little. The wire form is lower case. */
public enum Role {
    /** Everything in the organisation. */
    ADMIN,
    /** Host details, own sessions. */
    MEMBER,
    /** Names and states of hosts only. */
    GUEST;

    /** Whether this role may do what needs {@code needed}. */
    public boolean covers(Role needed) {
        return compareTo(needed) <= 0;
    }
}
