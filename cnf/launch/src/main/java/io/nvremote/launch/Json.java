// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) with comments, as the configurator takes it: objects are maps in their order, arrays lists, numbers
 * {@link BigDecimal}. Of our own, since no bundle is there yet; it says where something is wrong, and refuses a key that is there twice.
 */
final class Json {

    private static final int DEEPEST = 20;

    private final String text;
    private final String where;
    private int at;

    private Json(String text, String where) {
        this.text = text;
        this.where = where;
    }

    /** @param where the file's name, for what is said of it */
    static Map<String, @Nullable Object> object(String text, String where) {
        Json json = new Json(text, where);
        if (json.value(0) instanceof Map<?, ?> map) {
            json.blanks();
            if (json.at < text.length()) {
                throw json.wrong("nothing may stand behind the last }");
            }
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            map.forEach((key, value) -> result.put((String) key, value));
            return result;
        }
        throw new Refusal(where + ": a configuration file is a JSON object, { … }");
    }

    /** An array or an object given on a command line. */
    static @Nullable Object value(String text, String where) {
        Json json = new Json(text, where);
        Object value = json.value(0);
        json.blanks();
        if (json.at < text.length()) {
            throw json.wrong("nothing may stand behind it");
        }
        return value;
    }

    private @Nullable Object value(int depth) {
        if (depth > DEEPEST) {
            throw wrong("nothing is nested that deep");
        }
        return switch (peek()) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> map(int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        if (peek() == '}') {
            at++;
            return map;
        }
        while (true) {
            if (peek() != '"') {
                throw wrong("a name in quotes is expected");
            }
            String key = string();
            if (map.containsKey(key)) {
                throw wrong("\"" + key + "\" is there twice");
            }
            expect(':');
            map.put(key, value(depth + 1));
            if (more('}')) {
                return map;
            }
        }
    }

    private List<@Nullable Object> list(int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        if (peek() == ']') {
            at++;
            return list;
        }
        do {
            list.add(value(depth + 1));
        } while (!more(']'));
        return list;
    }

    private boolean more(char end) {
        char next = peek();
        if (next != ',' && next != end) {
            throw wrong("\",\" or \"" + end + "\" is expected");
        }
        at++;
        return next == end;
    }

    private String string() {
        StringBuilder result = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return result.toString();
            }
            if (c < ' ') {
                throw wrong("a text ends with \" in its own line");
            }
            result.append(c == '\\' ? escaped() : c);
        }
        throw wrong("a text has no end");
    }

    private char escaped() {
        char c = ++at < text.length() ? text.charAt(at) : ' ';
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (c == 'u' && at + 4 < text.length()) {
            String code = text.substring(at + 1, at + 5);
            if (code.matches("[0-9a-fA-F]{4}")) {
                at += 4;
                return (char) Integer.parseInt(code, 16);
            }
        }
        throw wrong("\\" + c + " means nothing in a text");
    }

    private @Nullable Object word() {
        int begin = at;
        while (at < text.length() && ",:]}[{\" \t\r\n/".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(begin, at);
        switch (word) {
            case "true", "false" -> {
                return Boolean.valueOf(word);
            }
            case "null" -> {
                return null;
            }
            default -> {
                if (word.matches("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?")) {
                    return new BigDecimal(word);
                }
                at = begin;
                throw wrong("a value is expected");
            }
        }
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("\"" + c + "\" is expected");
        }
        at++;
    }

    private char peek() {
        blanks();
        if (at >= text.length()) {
            throw wrong("the end comes too early");
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length()) {
            if (" \t\r\n\uFEFF".indexOf(text.charAt(at)) >= 0) {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at);
                if (end < 0) {
                    throw wrong("a comment has no end");
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    private Refusal wrong(String what) {
        String before = text.substring(0, Math.min(at, text.length()));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return new Refusal(where + ", line " + line + ", column " + column + ": " + what);
    }

    static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out, "\n");
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out, String line) {
        switch (value) {
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator).append(line).append("  ");
                    quote(String.valueOf(entry.getKey()), out);
                    out.append(": ");
                    write(entry.getValue(), out, line + "  ");
                    separator = ",";
                }
                out.append(map.isEmpty() ? "" : line).append('}');
            }
            case List<?> list -> {
                out.append('[');
                String separator = "";
                for (Object each : list) {
                    out.append(separator);
                    write(each, out, line);
                    separator = ", ";
                }
                out.append(']');
            }
            case BigDecimal number -> out.append(number.toPlainString());
            case Boolean flag -> out.append(flag);
            case null -> out.append("null");
            default -> quote(value.toString(), out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int special = "\"\\\n\r\t".indexOf(c);
            if (special >= 0) {
                out.append('\\').append("\"\\nrt".charAt(special));
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
