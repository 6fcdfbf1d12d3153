// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * RFC 8785 canonical JSON for what the audit log consists of: objects of texts, whole numbers, and objects of texts. Absent values
 * are left out. Java's {@code String.compareTo} is the order that section 3.2.3 asks for (UTF-16 code units). Of one thread.
 */
public final class CanonicalJson {

    private final SortedMap<String, String> members = new TreeMap<>();

    /** The same object as {@link FlatJson#read} gave it. */
    public static CanonicalJson of(Map<String, Object> object) {
        CanonicalJson json = new CanonicalJson();
        object.forEach((name, value) -> {
            switch (value) {
                case Long number -> json.number(name, number);
                case Map<?, ?> inner -> {
                    CanonicalJson texts = new CanonicalJson();
                    inner.forEach((key, text) -> texts.text(key.toString(), text));
                    json.members.put(name, texts.toString());
                }
                default -> json.text(name, value);
            }
        });
        return json;
    }

    /** Null: there is none. */
    public CanonicalJson text(String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, quote(value.toString()));
        }
        return this;
    }

    public CanonicalJson number(String name, long value) {
        members.put(name, Long.toString(value));
        return this;
    }

    public CanonicalJson object(String name, Map<String, String> value) {
        CanonicalJson inner = new CanonicalJson();
        value.forEach(inner::text);
        members.put(name, inner.toString());
        return this;
    }

    /** Takes members away. */
    CanonicalJson without(String... names) {
        for (String name : names) {
            members.remove(name);
        }
        return this;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(1024).append('{');
        members.forEach((name, value) -> {
            if (out.length() > 1) {
                out.append(',');
            }
            out.append(quote(name)).append(':').append(value);
        });
        return out.append('}').toString();
    }

    /** Section 3.2.2.2: the two-character escapes where they exist, \\u00xx for other controls, nothing else. */
    private static String quote(String text) {
        return plain(text) ? '"' + text + '"' : escaped(text);
    }

    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
