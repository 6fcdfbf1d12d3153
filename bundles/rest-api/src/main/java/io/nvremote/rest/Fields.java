// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import org.jspecify.annotations.Nullable;

/** Rules of single fields. */
public final class Fields {

    private Fields() {}

    /** A text that must be there. */
    public static String text(String name, @Nullable String value, int max) {
        if (value == null || value.isBlank()) {
            throw new StreamException(RestError.FIELD_INVALID, name + " is missing");
        }
        if (value.length() > max) {
            throw new StreamException(RestError.FIELD_INVALID, name + " is longer than " + max + " characters");
        }
        return value;
    }

    /** A secret that must be there. */
    public static Secret secret(String name, @Nullable Secret value, int max) {
        return new Secret(text(name, value == null ? null : value.reveal(), max));
    }

    /** A body that must be there. */
    public static <T> T body(@Nullable T body) {
        if (body == null) {
            throw new StreamException(RestError.BODY_MALFORMED, "the body must be a JSON object");
        }
        return body;
    }
}
