// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import io.nvremote.tests.house.Sources.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whose tables SQL names (docs/decisions/0029): in steps and in the texts of Java sources. A provider names what its own
 * steps make, declared views of providers it requires, and their tables in foreign keys.
 */
final class SqlRules {

    private static final Pattern DECLARATION = Pattern.compile("@SchemaProvider\\(((?:[^()\"]|\"[^\"]*\")*)\\)");
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+) =\\s*(\\{[^}]*}|\"[^\"]*\")");
    private static final Pattern REQUIREMENT = Pattern.compile("filter = \"\\(provider=(\\w+)\\)\"");
    private static final Pattern MADE =
            Pattern.compile("CREATE (?:OR REPLACE )?(TABLE|VIEW|FUNCTION) (?:IF NOT EXISTS )?(?:nvremote\\.)?(\\w+)");
    /** What a Java source consists of, as far as texts go: text blocks, texts, characters, comments. */
    private static final Pattern JAVA = Pattern.compile(
            "\"\"\"(.*?)(?<!\\\\)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"|'(?:[^'\\\\]|\\\\.)+'|//[^\\n]*|/\\*.*?\\*/",
            Pattern.DOTALL);

    private static final Pattern STATEMENT = Pattern.compile(
            "\\b(SELECT|INSERT|UPDATE|DELETE|FROM|JOIN|INTO|TRUNCATE|MERGE|COPY|LOCK|ALTER|GRANT|CREATE|DROP)\\b"
                    + "|^\\s*(?i:select|insert\\s+into|update\\s+\\w+\\s+set|delete\\s+from|with|truncate)\\b");
    private static final Pattern NAME = Pattern.compile("(REFERENCES\\s+)?(?<![.:\\w])([a-z_]\\w*)\\b");
    private static final Pattern RELATION =
            Pattern.compile("\\b(?:FROM|JOIN|INTO|UPDATE|REFERENCES)\\s+(?:ONLY\\s+)?([a-z_]\\w*)\\b(?!\\s*[(.])");
    private static final Pattern LOCAL = Pattern.compile("\\b(\\w+) AS \\(");

    private final Map<String, Declared> providers = new TreeMap<>();
    /** Module to provider. */
    private final Map<String, Declared> byModule = new HashMap<>();
    /** Table, view or function to the provider whose steps make it. */
    private final Map<String, String> owners = new HashMap<>();

    private final List<String> found = new ArrayList<>();

    private record Declared(String name, Source source, Set<String> requires, Set<String> views, Set<String> fills) {}

    private SqlRules() {}

    /** @param steps all {@code .sql} files of the bundles */
    static List<String> check(List<Source> java, List<Source> steps) {
        SqlRules rules = new SqlRules();
        java.forEach(rules::declare);
        steps.forEach(rules::made);
        rules.declarations(steps);
        steps.forEach(step -> rules.names(step, withoutComments(step.text())));
        java.stream()
                .filter(source -> source.module().startsWith("bundles/"))
                .forEach(source -> texts(source.text()).stream()
                        .filter(text -> STATEMENT.matcher(text).find())
                        .forEach(text -> rules.names(source, text)));
        return rules.found;
    }

    private void declare(Source source) {
        Matcher annotation = DECLARATION.matcher(source.text());
        if (source.path().endsWith("/package-info.java")
                || !source.text().contains("implements SchemaSteps")
                || !annotation.find()) {
            return;
        }
        Map<String, Set<String>> attributes = new HashMap<>();
        for (MatchResult one : ATTRIBUTE.matcher(annotation.group(1)).results().toList()) {
            attributes.put(
                    one.group(1),
                    Arrays.stream(one.group(2).split("[{},\"\\s]+"))
                            .filter(word -> !word.isEmpty())
                            .collect(Collectors.toCollection(LinkedHashSet::new)));
        }
        Declared declared = new Declared(
                attributes.getOrDefault("provider", Set.of("?")).iterator().next(),
                source,
                attributes.getOrDefault("requires", Set.of()),
                attributes.getOrDefault("views", Set.of()),
                attributes.getOrDefault("fills", Set.of()));
        if (providers.put(declared.name(), declared) != null) {
            found.add(source.path() + ": there is another provider " + declared.name());
        }
        byModule.put(source.module(), declared);
    }

    private void made(Source step) {
        Declared provider = byModule.get(step.module());
        if (provider == null) {
            found.add(step.path() + ": steps of a bundle that declares no provider");
            return;
        }
        for (MatchResult made :
                MADE.matcher(withoutComments(step.text())).results().toList()) {
            String name = made.group(2);
            if (!provider.fills().contains(name)) {
                String before = owners.put(name, provider.name());
                if (before != null && !before.equals(provider.name())) {
                    found.add(step.path() + ": " + name + " is made by " + before + ", too");
                }
            }
        }
    }

    /** What a provider says of itself is true. */
    private void declarations(List<Source> steps) {
        for (Declared one : providers.values()) {
            Set<String> required = REQUIREMENT
                    .matcher(one.source().text())
                    .results()
                    .map(r -> r.group(1))
                    .collect(Collectors.toSet());
            if (!required.equals(one.requires())) {
                found.add(one.source().path() + ": requires " + one.requires() + ", and by capability " + required);
            }
            one.views().stream()
                    .filter(view -> !one.name().equals(owners.get(view)))
                    .forEach(view -> found.add(one.source().path() + ": " + view + " is not made here"));
            one.fills().stream()
                    .filter(view -> one.requires().stream()
                            .noneMatch(p -> providers.containsKey(p)
                                    && providers.get(p).views().contains(view)))
                    .forEach(view ->
                            found.add(one.source().path() + ": " + view + " is no view of a required provider"));
            steps.stream()
                    .filter(step -> step.module().equals(one.source().module()))
                    .filter(step -> !one.source().text().contains("\"" + fileName(step) + "\""))
                    .forEach(step -> found.add(step.path() + ": is not among the provider's files"));
        }
    }

    private void names(Source where, String sql) {
        Declared self = byModule.get(where.module());
        String text = sql.replaceAll("'(?:[^']|'')*'", "''").replace("nvremote.", "");
        Set<String> wrong = new LinkedHashSet<>();
        for (MatchResult name : NAME.matcher(text).results().toList()) {
            String owner = owners.get(name.group(2));
            if (owner != null && !may(self, owner, name.group(2), name.group(1) != null)) {
                wrong.add(where.path() + ": names " + name.group(2) + " of " + owner);
            }
        }
        Set<String> local = LOCAL.matcher(text).results().map(r -> r.group(1)).collect(Collectors.toSet());
        for (MatchResult relation : RELATION.matcher(text).results().toList()) {
            String name = relation.group(1);
            if (!owners.containsKey(name) && !local.contains(name) && !name.startsWith("pg_")) {
                wrong.add(where.path() + ": names " + name + ", which no step makes");
            }
        }
        found.addAll(wrong);
    }

    private boolean may(Declared self, String owner, String name, boolean reference) {
        if (self == null) {
            return false;
        }
        boolean required = self.requires().contains(owner);
        return owner.equals(self.name())
                || (required && (reference || providers.get(owner).views().contains(name)));
    }

    private static String fileName(Source step) {
        return step.path().substring(step.path().lastIndexOf('/') + 1);
    }

    private static String withoutComments(String sql) {
        return sql.replaceAll("(?m)--.*$", "");
    }

    /** The texts of a Java source; those that are joined by a plus alone are one. */
    static List<String> texts(String java) {
        List<String> texts = new ArrayList<>();
        Matcher part = JAVA.matcher(java);
        int end = -1;
        while (part.find()) {
            String text = part.group(1) != null ? part.group(1) : part.group(2);
            if (text == null) {
                continue;
            }
            boolean joined = end >= 0 && java.substring(end, part.start()).matches("\\s*\\+\\s*");
            if (joined) {
                texts.add(texts.removeLast() + text);
            } else {
                texts.add(text);
            }
            end = part.end();
        }
        return Collections.unmodifiableList(texts);
    }

    /** Names of the tables, views and functions that steps make; for the test that there are any. */
    static Set<String> everything(List<Source> java, List<Source> steps) {
        SqlRules rules = new SqlRules();
        java.forEach(rules::declare);
        steps.forEach(rules::made);
        return new HashSet<>(rules.owners.keySet());
    }
}
