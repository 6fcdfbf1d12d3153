// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import org.osgi.annotation.versioning.ConsumerType;

/** A stable name for one kind of failure. Implemented by one enum per API, its constants named as the wire names them. */
@ConsumerType
public interface ErrorCode {

    /** The stable upper-case name that goes over the wire and into {@code docs/errors.md}. */
    String name();

    /** Who can help. */
    Remedy remedy();

    /** One sentence for the person who reads it: what happened and what to do. */
    String advice();

    /**
     * The HTTP status that answers a request which failed with this (RFC 9110, section 15). What the remedy suggests, unless
     * the code says something more exact.
     */
    default int httpStatus() {
        return switch (remedy()) {
            case CALLER, PEER -> 400;
            case RETRY, OPERATOR -> 503;
            case BUG -> 500;
        };
    }
}
