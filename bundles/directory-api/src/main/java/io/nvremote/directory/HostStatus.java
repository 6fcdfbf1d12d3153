// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

/** Whether a host can be connected to. */
public enum HostStatus {
    ONLINE,
    OFFLINE,
    /** Online with as many live sessions as it may run. */
    BUSY,
    /** Taken out of use by an admin. */
    MAINTENANCE
}
