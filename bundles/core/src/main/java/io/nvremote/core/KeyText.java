// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.util.Base64;

/** Keys of 32 bytes as texts: the one base64 form (RFC 4648 section 4, padded) that each has, so that equal keys are equal texts. */
final class KeyText {

    static final int BYTES = 32;

    private KeyText() {}

    /**
     * Reads a key.
     *
     * @param what begins the message of a refusal, which never repeats the text
     * @throws StreamException {@link CoreError#INVALID_VALUE}
     */
    static byte[] read(String what, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new StreamException(CoreError.INVALID_VALUE, what + " is not base64", e);
        }
        if (!write(bytes).equals(text)) {
            throw new StreamException(CoreError.INVALID_VALUE, what + " is not the base64 of 32 bytes");
        }
        return checked(what, bytes);
    }

    /** Returns the bytes if they are as many as a key has. */
    static byte[] checked(String what, byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new StreamException(CoreError.INVALID_VALUE, what + " is not the base64 of 32 bytes");
        }
        return bytes;
    }

    static String write(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
