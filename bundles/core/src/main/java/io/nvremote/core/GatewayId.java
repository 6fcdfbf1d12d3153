// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.util.UUID;

/** Identifies one gateway. */
public record GatewayId(UUID value) {

    /** A new id, rising in time (RFC 9562 version 7). */
    public static GatewayId next() {
        return new GatewayId(UuidV7.next());
    }

    /** Reads the canonical text form; {@link CoreError#INVALID_ID} if the text is not a UUID. */
    public static GatewayId of(String text) {
        return new GatewayId(UuidV7.parse("gateway id", text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
