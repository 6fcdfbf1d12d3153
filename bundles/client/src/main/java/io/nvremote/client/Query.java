// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parameters of an address or a form. The first of a name counts. */
final class Query {

    private Query() {}

    /** Reads {@code a=1&b=2}; malformed escapes are {@link IllegalArgumentException}. */
    static Map<String, String> read(@Nullable String text) {
        Map<String, String> all = new LinkedHashMap<>();
        if (text != null) {
            for (String pair : text.split("&", 64)) {
                int cut = pair.indexOf('=');
                if (cut > 0) {
                    all.putIfAbsent(decoded(pair.substring(0, cut)), decoded(pair.substring(cut + 1)));
                }
            }
        }
        return all;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
