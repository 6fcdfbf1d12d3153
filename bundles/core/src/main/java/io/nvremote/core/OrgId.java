// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.util.UUID;

/** Identifies one organisation. */
public record OrgId(UUID value) {

    /** A new id, rising in time (RFC 9562 version 7). */
    public static OrgId next() {
        return new OrgId(UuidV7.next());
    }

    /** Reads the canonical text form; {@link CoreError#INVALID_ID} if the text is not a UUID. */
    public static OrgId of(String text) {
        return new OrgId(UuidV7.parse("organisation id", text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
