// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit.postgres;

import io.nvremote.audit.AuditError;
import io.nvremote.core.StreamException;
import java.util.HashMap;
import java.util.Map;

/** Reads a JSON object whose values are texts, as the database prints jsonb. */
final class FlatJson {

    private final String json;
    private int at;

    private FlatJson(String json) {
        this.json = json;
    }

    static Map<String, String> read(String json) {
        return new FlatJson(json).object();
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

    private String text() {
        expect('"');
        StringBuilder out = new StringBuilder();
        for (char c = json.charAt(at++); c != '"'; c = json.charAt(at++)) {
            out.append(c == '\\' ? escaped(json.charAt(at++)) : c);
        }
        return out.toString();
    }

    private char escaped(char c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(json, at - 4, at, 16);
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
            throw new StreamException(
                    AuditError.EVENT_REFUSED,
                    "the facts of an audit row are no flat JSON: expected " + wanted + " at " + at);
        }
    }
}
