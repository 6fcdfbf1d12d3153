// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

/** Who can do something about an error. Decides log level, HTTP status, retry and health. */
public enum Remedy {
    /** The caller must change what it asks for. */
    CALLER,
    /** The other end of a connection broke the rules. */
    PEER,
    /** The same call may succeed later. */
    RETRY,
    /** Somebody who runs the system must act. */
    OPERATOR,
    /** Nobody but the authors can help. */
    BUG
}
