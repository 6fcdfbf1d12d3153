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
}
