// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.util.UUID;

/** Identifies one user. */
public record UserId(UUID value) {

    /** A new id, rising in time (RFC 9562 version 7). */
    public static UserId next() {
        return new UserId(UuidV7.next());
    }

    /** Reads the canonical text form; {@link CoreError#INVALID_ID} if the text is not a UUID. */
    public static UserId of(String text) {
        return new UserId(UuidV7.parse("user id", text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
