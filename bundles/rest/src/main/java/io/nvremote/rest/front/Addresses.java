// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Which methods each address takes (RFC 9110, 9.3 and 10.2.1). Immutable. */
final class Addresses {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Template> templates;

    /** A documented address; of two that fit, the one that says more is meant, as JAX-RS 2.1, 3.7.2 has it. */
    private record Template(List<String> segments, Set<String> methods) {

        boolean fits(List<String> path) {
            if (path.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < path.size(); i++) {
                String wanted = segments.get(i);
                if (isVariable(wanted) ? path.get(i).isEmpty() : !wanted.equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }

        /** A letter for each segment, so that what is said sorts before what is left open. */
        String openness() {
            StringBuilder letters = new StringBuilder();
            segments.forEach(segment -> letters.append(isVariable(segment) ? 'b' : 'a'));
            return letters.toString();
        }

        private static boolean isVariable(String segment) {
            return segment.startsWith("{");
        }
    }

    private Addresses(List<Template> templates) {
        this.templates = templates;
    }

    static Addresses of(String document) {
        List<Template> templates = new ArrayList<>();
        try {
            JsonNode paths = JSON.readTree(document).path("paths");
            paths.properties().forEach(path -> {
                Set<String> methods = new TreeSet<>();
                OpenApi.OPERATIONS.stream()
                        .filter(path.getValue()::has)
                        .map(name -> name.toUpperCase(Locale.ROOT))
                        .forEach(methods::add);
                templates.add(new Template(segments(path.getKey()), methods));
            });
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the document that was just made is no JSON", e);
        }
        return new Addresses(List.copyOf(templates));
    }

    /**
     * The methods that the address takes, in the order of the alphabet; empty if there is no such address.
     *
     * @param path below {@code /api/v1}, percent-encoded; matrix parameters and one slash at the end don't count
     */
    List<String> methods(String path) {
        List<String> segments = segments(path);
        List<Template> fitting =
                templates.stream().filter(each -> each.fits(segments)).toList();
        String best = fitting.stream()
                .map(Template::openness)
                .min(Comparator.naturalOrder())
                .orElse("");
        Set<String> methods = new TreeSet<>();
        fitting.stream().filter(each -> each.openness().equals(best)).forEach(each -> methods.addAll(each.methods()));
        if (methods.isEmpty()) {
            return List.of();
        }
        methods.add("OPTIONS");
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return List.copyOf(methods);
    }

    private static List<String> segments(String path) {
        String bare = path.startsWith("/") ? path.substring(1) : path;
        bare = bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
        List<String> segments = new ArrayList<>();
        for (String segment : bare.split("/", -1)) {
            int matrix = segment.indexOf(';');
            segments.add(matrix < 0 ? segment : segment.substring(0, matrix));
        }
        return segments;
    }
}
