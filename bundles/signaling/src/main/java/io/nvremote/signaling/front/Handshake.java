// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's reading of an opening handshake, RFC 6455 section 4.2.1, before the library behind does: what that makes of a
 * malformed one is a stack trace and 500, and an empty key is good enough for it.
 *
 * @param status of the refusal
 * @param reason of the refusal, for whoever asked
 */
record Handshake(int status, String reason) {

    /** The only version of the protocol. */
    static final String VERSION = "13";

    private static final int UPGRADE_REQUIRED = 426;
    private static final int KEY_BYTES = 16;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String EXTENSION = TOKEN + "(\\s*;\\s*" + TOKEN + "(=(" + TOKEN + "|\"" + TOKEN + "\"))?)*+";
    private static final Pattern EXTENSIONS =
            Pattern.compile("\\s*" + EXTENSION + "(\\s*,\\s*" + EXTENSION + ")*+\\s*");

    /** Why there is no socket for this request; null if there is nothing against it. */
    static @Nullable Handshake refusal(HttpServletRequest request) {
        if (!request.getMethod().equals("GET")) {
            return new Handshake(405, "a WebSocket is opened by GET");
        }
        if (!names(request, "Upgrade", "websocket") || !names(request, "Connection", "upgrade")) {
            return new Handshake(UPGRADE_REQUIRED, "this address is a WebSocket's");
        }
        if (!values(request, "Sec-WebSocket-Version").equals(List.of(VERSION))) {
            return new Handshake(UPGRADE_REQUIRED, "the WebSocket version here is " + VERSION);
        }
        List<String> keys = values(request, "Sec-WebSocket-Key");
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            return new Handshake(400, "Sec-WebSocket-Key must be there once, as base64 of " + KEY_BYTES + " bytes");
        }
        if (!values(request, "Sec-WebSocket-Extensions").stream()
                .allMatch(value -> EXTENSIONS.matcher(value).matches())) {
            return new Handshake(400, "Sec-WebSocket-Extensions is no list of extensions");
        }
        return null;
    }

    private static boolean isKey(String value) {
        try {
            return Base64.getDecoder().decode(value).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean names(HttpServletRequest request, String header, String token) {
        return values(request, header).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .anyMatch(value -> value.strip().equalsIgnoreCase(token));
    }

    private static List<String> values(HttpServletRequest request, String header) {
        List<String> values = new ArrayList<>(Collections.list(request.getHeaders(header)));
        values.replaceAll(String::strip);
        return values;
    }
}
