// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that must not be printed. {@code toString} is {@code ***}; {@link #reveal} is called where it goes on the wire. */
public final class Secret {

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The text itself. Never log it, never put it in a URL. */
    public String reveal() {
        return value;
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
