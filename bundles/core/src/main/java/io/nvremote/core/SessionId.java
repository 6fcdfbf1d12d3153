// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.util.UUID;

/** Identifies one streaming session. */
public record SessionId(UUID value) {

    /** A new id, rising in time (RFC 9562 version 7). */
    public static SessionId next() {
        return new SessionId(UuidV7.next());
    }

    /** Reads the canonical text form; {@link CoreError#INVALID_ID} if the text is not a UUID. */
    public static SessionId of(String text) {
        return new SessionId(UuidV7.parse("streaming session id", text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
