// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a JSON object whose values are texts, whole numbers that are not negative, or objects of texts. Blanks between its parts are
 * passed over; of a name that comes twice the last counts. What is anything else is refused with the caller's code.
 */
public final class FlatJson {

    private static final int DIGITS = 18; // any number of so many fits a long

    private final String json;
    private final ErrorCode code;
    private int at;

    private FlatJson(String json, ErrorCode code) {
        this.json = json;
        this.code = code;
    }

    /** The object's members: values of {@code String}, {@code Long} and {@code Map<String, String>}. */
    public static SortedMap<String, Object> read(String json, ErrorCode code) {
        FlatJson reader = new FlatJson(json, code);
        SortedMap<String, Object> object = new TreeMap<>();
        reader.expect('{');
        if (reader.peek() != '}') {
            do {
                String name = reader.text();
                reader.expect(':');
                object.put(name, reader.value());
            } while (reader.next(','));
        }
        reader.expect('}');
        reader.end();
        return object;
    }

    /** An object of texts, as the database prints jsonb. */
    public static Map<String, String> texts(String json, ErrorCode code) {
        FlatJson reader = new FlatJson(json, code);
        Map<String, String> texts = reader.object();
        reader.end();
        return texts;
    }

    private Object value() {
        char c = peek();
        return c == '"' ? text() : c == '{' ? object() : (Object) number();
    }

    private Map<String, String> object() {
        Map<String, String> facts = new HashMap<>();
        expect('{');
        if (peek() != '}') {
            do {
                String name = text();
                expect(':');
                facts.put(name, text());
            } while (next(','));
        }
        expect('}');
        return facts;
    }

    private long number() {
        peek();
        int from = at;
        while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
            at++;
        }
        if (at == from || at - from > DIGITS) {
            throw refused("a text, a whole number or an object");
        }
        return Long.parseLong(json, from, at, 10);
    }

    private String text() {
        expect('"');
        int end = json.indexOf('"', at);
        int escape = json.indexOf('\\', at, Math.max(at, end));
        if (end >= 0 && escape < 0) {
            String plain = json.substring(at, end);
            at = end + 1;
            return plain;
        }
        StringBuilder out = new StringBuilder();
        for (char c = character(); c != '"'; c = character()) {
            out.append(c == '\\' ? escaped(character()) : c);
        }
        return out.toString();
    }

    private char character() {
        if (at >= json.length()) {
            throw refused("the end of a text");
        }
        return json.charAt(at++);
    }

    private char escaped(char c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int value = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(character(), 16);
                    if (digit < 0) {
                        throw refused("four hexadecimal digits");
                    }
                    value = value * 16 + digit;
                }
                yield (char) value;
            }
            default -> c;
        };
    }

    private char peek() {
        while (at < json.length() && json.charAt(at) == ' ') {
            at++;
        }
        return at < json.length() ? json.charAt(at) : '\0';
    }

    private boolean next(char wanted) {
        if (peek() == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (!next(wanted)) {
            throw refused(Character.toString(wanted));
        }
    }

    private void end() {
        peek();
        if (at < json.length()) {
            throw refused("the end");
        }
    }

    private StreamException refused(String wanted) {
        return new StreamException(code, "no flat JSON: expected " + wanted + " at " + at);
    }
}
