// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** PEM text (RFC 7468). */
final class Pem {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    static String of(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
