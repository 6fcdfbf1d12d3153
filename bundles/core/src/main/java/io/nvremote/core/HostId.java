// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.util.UUID;

/** Identifies one host. */
public record HostId(UUID value) {

    /** A new id, rising in time (RFC 9562 version 7). */
    public static HostId next() {
        return new HostId(UuidV7.next());
    }

    /** Reads the canonical text form; {@link CoreError#INVALID_ID} if the text is not a UUID. */
    public static HostId of(String text) {
        return new HostId(UuidV7.parse("host id", text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
