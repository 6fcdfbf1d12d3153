// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of one bundle's manifest, wherever it was read. */
@FunctionalInterface
public interface Headers {

    /** The header of that name, whatever its case; null if there is none. */
    @Nullable
    String value(String name);

    /**
     * One clause of a header (OSGi Core 1.3.2): {@code path;path;attribute=value;directive:=value}.
     *
     * @param values attributes by name, directives by their name and a colon
     */
    record Clause(List<String> paths, Map<String, String> values) {

        String value(String name, String otherwise) {
            return values.getOrDefault(name, otherwise);
        }
    }

    /** The clauses of a header; none if it is not there. */
    default List<Clause> clauses(String name) {
        return clausesOf(value(name));
    }

    static List<Clause> clausesOf(@Nullable String header) {
        List<Clause> found = new ArrayList<>();
        for (String clause : split(header == null ? "" : header, ',')) {
            List<String> paths = new ArrayList<>();
            Map<String, String> values = new LinkedHashMap<>();
            for (String part : split(clause, ';')) {
                int equals = part.indexOf('=');
                if (equals >= 0) {
                    values.put(key(part.substring(0, equals)), unquoted(part.substring(equals + 1)));
                } else if (values.isEmpty() && !part.isBlank()) {
                    paths.add(part.strip());
                }
            }
            if (!paths.isEmpty()) {
                found.add(new Clause(List.copyOf(paths), values));
            }
        }
        return found;
    }

    /** An attribute's name without its type, a directive's with its colon. */
    private static String key(String text) {
        String key = text.strip();
        int colon = key.indexOf(':');
        return colon < 0 || colon == key.length() - 1
                ? key
                : key.substring(0, colon).strip();
    }

    private static String unquoted(String text) {
        String value = text.strip();
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** Splits at a character outside quotes. */
    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == at && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
