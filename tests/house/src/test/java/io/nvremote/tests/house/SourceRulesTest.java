// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.house.Sources.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rules that are read off the sources; for each, a source that breaks it is found out. */
class SourceRulesTest {

    /** Words that were replaced by the field's own (docs/decisions/0026). */
    private static final Set<String> WORDS_GONE = Set.of(
            "Shelf",
            "Offered",
            "OfferDesk",
            "ControlDesk",
            "StunDesk",
            "StreamRun",
            "Told",
            "Lines",
            "HostLine",
            "ClientLine",
            "SessionWork",
            "Attempts",
            "Line",
            "Switchboard",
            "Wire",
            "Group",
            "Side",
            "Tally",
            "Times",
            "Burst",
            "Questions",
            "Words",
            "OneTime",
            "PluginShelf",
            "Remote",
            "Pulse",
            "ControlPort",
            "Signed",
            "Figures");

    private static final int LONGEST_FILE = 300;
    private static final Pattern ERROR_ENUM = Pattern.compile("enum (\\w+Error) implements [^{]*ErrorCode");
    private static final Pattern CONSTANT = Pattern.compile("(?m)^    ([A-Z][A-Z0-9_]+)\\(");
    private static final Pattern PID = Pattern.compile("String PID =\\s+\"([^\"]+)\"");
    private static final Pattern LOG_KEY = Pattern.compile("addKeyValue\\(\\s*\"([^\"]*)\"");
    private static final Set<String> COMPOSERS = Set.of(
            "HostAgent",
            "HostRole",
            "OfferHandler",
            "SessionParts",
            "SessionTrack",
            "SessionTracks",
            "StatusPage",
            "StreamSession");
    private static final Pattern CARRIED =
            Pattern.compile("io\\.nvremote\\.(capture|encode|input|media)\\b|\\b(Video|Input|Cursor|Statistics)Track");
    private static final Pattern PLUGIN = Pattern.compile("@(?:Capture|Input)Plugin\\((?:source|sink) = \"([^\"]+)\"");
    private static final Pattern TEXT_FOR_A_VALUE = Pattern.compile(
            "\\b(?:String|byte\\[\\])>?\\s+"
                    + "(\\w*(?:[pP]ublicKey|[eE]ndpoint|[cC]andidates?|[tT]unnel(?:Ip|Address)|(?:client|host)Ip|[pP]athPolicy))\\b");
    private static final Pattern KEY = Pattern.compile("String [A-Z_]+ = \"([a-z_]+)\"");

    /** Replaced words as names of types, and the kinds {@code …Wish}. */
    static List<String> oldWords(List<Source> sources) {
        return sources.stream()
                .filter(s -> WORDS_GONE.contains(s.className()) || s.className().endsWith("Wish"))
                .map(Source::path)
                .toList();
    }

    /** Files above the alarm that no reason is written down for, and reasons for files that are none. */
    static List<String> sizes(List<Source> sources, Map<String, String> reasons) {
        List<String> found = new ArrayList<>();
        Set<String> large = new TreeSet<>();
        for (Source source : sources) {
            long lines = source.text().lines().count();
            if (lines > LONGEST_FILE) {
                large.add(source.path());
                if (reasons.getOrDefault(source.path(), "").length() < 20) {
                    found.add(source.path() + " has " + lines + " lines and no reason");
                }
            }
        }
        reasons.keySet().stream()
                .filter(path -> path.endsWith(".java") && !large.contains(path))
                .forEach(path -> found.add(path + " is not large"));
        return found;
    }

    /** Constants of error enums that no other source names. */
    static List<String> deadCodes(List<Source> sources) {
        List<String> found = new ArrayList<>();
        for (Source source : sources) {
            Matcher type = ERROR_ENUM.matcher(source.text());
            if (!type.find()) {
                continue;
            }
            for (MatchResult constant :
                    CONSTANT.matcher(source.text()).results().toList()) {
                Pattern use = Pattern.compile("\\b" + constant.group(1) + "\\b");
                boolean used = sources.stream()
                        .filter(s -> !s.path().equals(source.path()))
                        .anyMatch(s -> use.matcher(withoutComments(s.text())).find());
                if (!used) {
                    found.add(type.group(1) + "." + constant.group(1));
                }
            }
        }
        return found;
    }

    /**
     * The one PID of a bundle is its symbolic name. Of several, each is the symbolic name, or that and one word more: what of the
     * bundle it is for.
     */
    static List<String> foreignPids(List<Source> sources) {
        Map<String, Set<String>> pids = new TreeMap<>();
        for (Source source : sources) {
            if (source.module().startsWith("bundles/")) {
                String name = source.module().substring("bundles/".length()).replace('-', '.');
                for (MatchResult pid : PID.matcher(source.text()).results().toList()) {
                    pids.computeIfAbsent("io.nvremote." + name, key -> new TreeSet<>())
                            .add(pid.group(1));
                }
            }
        }
        List<String> found = new ArrayList<>();
        pids.forEach((bundle, all) -> {
            Pattern right = Pattern.compile(Pattern.quote(bundle) + (all.size() == 1 ? "" : "(\\.[a-z]+)?"));
            all.stream().filter(pid -> !right.matcher(pid).matches()).forEach(pid -> found.add(bundle + ": " + pid));
        });
        return found;
    }

    /** Log keys are written like_this, and by the name in Keys where there is one. */
    static List<String> logKeys(List<Source> sources, Set<String> named) {
        List<String> found = new ArrayList<>();
        for (Source source : sources) {
            for (MatchResult key : LOG_KEY.matcher(source.text()).results().toList()) {
                if (named.contains(key.group(1))) {
                    found.add(source.path() + ": \"" + key.group(1) + "\" has a name in Keys");
                } else if (!key.group(1).matches("[a-z][a-z0-9_]*")) {
                    found.add(source.path() + ": \"" + key.group(1) + "\" should be lower_case");
                }
            }
        }
        return found;
    }

    /** Roles that name a picture source or an input sink of ours: its properties and its ranking say all that a role may know. */
    static List<String> namedSources(List<Source> sources, Set<String> roles) {
        Set<String> names = sources.stream()
                .flatMap(s -> PLUGIN.matcher(s.text()).results())
                .map(plugin -> plugin.group(1))
                .collect(Collectors.toSet());
        return sources.stream()
                .filter(s -> roles.contains(s.module()))
                .filter(s -> names.stream().anyMatch(name -> s.text().contains('"' + name + '"')))
                .map(Source::path)
                .toList();
    }

    /** Classes that compose sessions and know what one of their tracks carries (docs/decisions/0032). */
    static List<String> nosySessions(List<Source> sources) {
        return sources.stream()
                .filter(s -> s.module().equals("bundles/host"))
                .filter(s -> COMPOSERS.contains(s.className()))
                .filter(s -> CARRIED.matcher(s.text()).find())
                .map(Source::path)
                .toList();
    }

    /** Keys, endpoints, tunnel addresses and path policies that an API hands about as texts or bytes: each has its type in the core. */
    static List<String> textsForValues(List<Source> sources) {
        return sources.stream()
                .filter(s -> s.module().endsWith("-api"))
                .flatMap(s -> TEXT_FOR_A_VALUE
                        .matcher(withoutComments(s.text()))
                        .results()
                        .map(found -> s.path() + ": " + found.group()))
                .toList();
    }

    private static String withoutComments(String text) {
        return text.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)//.*$", "");
    }

    private static List<Source> one(String path, String text) {
        return List.of(new Source(path, text));
    }

    /** Why something is above a size alarm, by its place. */
    static Map<String, String> reasons() throws IOException {
        Path file = Room.root().resolve("tests/house/size-reasons.txt");
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(p -> p[0], p -> p.length < 2 ? "" : p[1], (a, b) -> a, LinkedHashMap::new));
    }

    @Test
    void replaced_words_stay_away() throws IOException {
        assertThat(oldWords(Sources.main())).isEmpty();
        assertThat(oldWords(one("bundles/x/src/main/java/Shelf.java", ""))).hasSize(1);
        assertThat(oldWords(one("bundles/x/src/main/java/SpeedWish.java", ""))).hasSize(1);
    }

    @Test
    void a_file_above_the_size_alarm_has_a_reason() throws IOException {
        assertThat(sizes(Sources.main(), reasons())).isEmpty();
        String long_ = "\n".repeat(LONGEST_FILE + 1);
        String path = "bundles/x/src/main/java/A.java";
        assertThat(sizes(one(path, long_), Map.of())).hasSize(1);
        assertThat(sizes(one(path, long_), Map.of(path, "a table of the standard, whole")))
                .isEmpty();
        assertThat(sizes(one(path, "short"), Map.of(path, "a table of the standard, whole")))
                .hasSize(1);
    }

    @Test
    void every_error_code_is_given_by_somebody() throws IOException {
        assertThat(deadCodes(Sources.main())).isEmpty();
        String text = "enum XError implements ErrorCode {\n    USED(\"a\"),\n    DEAD(\"b\");\n}";
        assertThat(deadCodes(List.of(
                        new Source("bundles/x/src/main/java/XError.java", text),
                        new Source("bundles/x/src/main/java/A.java", "throw e(XError.USED); // DEAD"))))
                .containsExactly("XError.DEAD");
    }

    @Test
    void a_configuration_is_named_after_its_bundle() throws IOException {
        assertThat(foreignPids(Sources.main())).isEmpty();
        assertThat(foreignPids(pids("io.nvremote.a.b"))).isEmpty();
        assertThat(foreignPids(pids("io.nvremote.a.b", "io.nvremote.a.b.c"))).isEmpty();
        assertThat(foreignPids(pids("io.nvremote.a.b.c", "io.nvremote.a.b.d"))).isEmpty();
        assertThat(foreignPids(pids("io.nvremote.a"))).containsExactly("io.nvremote.a.b: io.nvremote.a");
        assertThat(foreignPids(pids("io.nvremote.a.b.c"))).containsExactly("io.nvremote.a.b: io.nvremote.a.b.c");
        assertThat(foreignPids(pids("io.nvremote.a.b", "io.nvremote.a.b.c.d")))
                .containsExactly("io.nvremote.a.b: io.nvremote.a.b.c.d");
    }

    private static List<Source> pids(String... names) {
        return Arrays.stream(names)
                .map(name -> new Source("bundles/a-b/src/main/java/C.java", "String PID = \"" + name + "\";"))
                .toList();
    }

    @Test
    void log_lines_name_their_values_alike() throws IOException {
        List<Source> sources = Sources.main();
        Source keys = sources.stream()
                .filter(s -> s.path().endsWith("/core/Keys.java"))
                .findFirst()
                .orElseThrow();
        Set<String> named =
                KEY.matcher(keys.text()).results().map(r -> r.group(1)).collect(Collectors.toSet());
        assertThat(named).contains("org_id", "file");
        assertThat(logKeys(sources, named)).isEmpty();
        assertThat(logKeys(one("bundles/x/src/main/java/A.java", "log.addKeyValue(\"file\", 1)"), named))
                .hasSize(1);
        assertThat(logKeys(one("bundles/x/src/main/java/A.java", "log.addKeyValue(\"hostId\", 1)"), named))
                .hasSize(1);
    }

    @Test
    void an_api_hands_keys_endpoints_and_addresses_about_as_values() throws IOException {
        assertThat(textsForValues(Sources.main())).isEmpty();
        String path = "bundles/x-api/src/main/java/A.java";
        for (String bad : List.of(
                "record A(@Nullable String hostPublicKey) {}",
                "void answer(\n            byte[] publicKey);",
                "String gatewayEndpoint();",
                "record A(String clientTunnelIp, int port) {}",
                "record A(List<String> candidates) {}",
                "String pathPolicy;")) {
            assertThat(textsForValues(one(path, bad))).as(bad).hasSize(1);
        }
        String good =
                "/** String endpoint */ record A(TunnelPublicKey publicKey, String publicKeyFile, Endpoint endpoint) {}";
        assertThat(textsForValues(one(path, good))).isEmpty();
        assertThat(textsForValues(one("bundles/x/src/main/java/A.java", "String endpoint;")))
                .isEmpty();
    }

    @Test
    void a_host_knows_no_source_by_name() throws IOException {
        Set<String> host = Set.of("bundles/host");
        List<Source> sources = Sources.main();
        assertThat(namedSources(sources, host)).isEmpty();
        List<Source> and = new ArrayList<>(sources);
        and.add(new Source("bundles/host/src/main/java/A.java", "if (name.equals(\"x11\"))"));
        and.add(new Source("bundles/host/src/main/java/B.java", "plan(\"testcard\")"));
        assertThat(namedSources(and, host)).hasSize(2);
    }

    @Test
    void a_session_knows_none_of_its_tracks() throws IOException {
        List<Source> sources = Sources.main();
        assertThat(nosySessions(sources)).isEmpty();
        assertThat(sources.stream().map(Source::className)).containsAll(COMPOSERS);
        String path = "bundles/host/src/main/java/StreamSession.java";
        assertThat(nosySessions(one(path, "import io.nvremote.encode.Encoder;")))
                .hasSize(1);
        assertThat(nosySessions(one(path, "new VideoTrackFactory()"))).hasSize(1);
    }
}
