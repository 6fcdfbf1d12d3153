// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.jars.Publisher;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

class BundleUpdatesTest {

    @TempDir
    private Path folder;

    private Jars jars;
    private Publisher operator;

    @BeforeEach
    void prepare() throws Exception {
        System.clearProperty(Parts.BUSY);
        jars = new Jars(folder);
        operator = Publisher.of(folder, "operator").trustIn(folder.resolve("bundles/publishers"));
    }

    @AfterEach
    void idle() {
        System.clearProperty(Parts.BUSY);
    }

    private RunningFramework start(boolean well, String shipped) throws Exception {
        return new RunningFramework(folder, well, jars.part(shipped), jars.user(), jars.api("1.0.0"));
    }

    private RunningFramework start() throws Exception {
        return start(true, "1.0.0");
    }

    private Path signed(String version) throws Exception {
        return operator.sign(jars.part(version));
    }

    private static void said(JsonNode answer, String state) {
        assertThat(answer.path("change").path("state").asText())
                .as(answer.toString())
                .isEqualTo(state);
    }

    private static void refused(JsonNode answer, String code, String words) {
        assertThat(answer.path("code").asText()).as(answer.toString()).isEqualTo(code);
        assertThat(answer.path("message").asText()).contains(words);
        assertThat(answer.path("advice").asText()).isNotEmpty();
    }

    @Test
    void a_newer_version_takes_over_stays_over_starts_and_goes_back() throws Exception {
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            said(runtime.update(signed("2.0.0"), "NOW"), "REPLACED");
            runtime.awaitVersion("2.0.0");
            said(runtime.update(signed("3.0.0"), "NOW"), "REPLACED");
            runtime.awaitVersion("3.0.0");
            assertThat(runtime.listed("a.part").path("updated").asBoolean()).isTrue();
            assertThat(runtime.touched()).isEmpty();
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("3.0.0");
            said(runtime.ask(Map.of("command", "rollback", "name", "a.part")), "REPLACED");
            runtime.awaitVersion("2.0.0");
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("2.0.0");
            said(runtime.ask(Map.of("command", "rollback", "name", "a.part")), "REPLACED");
            runtime.awaitVersion("1.0.0");
            refused(
                    runtime.ask(Map.of("command", "rollback", "name", "a.part")),
                    "NOTHING_BEFORE",
                    "came with the runtime");
            assertThat(runtime.history()).containsExactly("REPLACED", "REPLACED", "REPLACED", "REPLACED");
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            assertThat(folder.resolve("bundles/jars")).isEmptyDirectory();
        }
    }

    @Test
    void what_may_not_come_is_refused_and_nothing_changes() throws Exception {
        Path api = operator.sign(jars.api("2.0.0"));
        Path noBundle = Files.writeString(folder.resolve("x.jar"), "no jar");
        Publisher stranger = Publisher.of(folder, "stranger");
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            refused(runtime.update(folder.resolve("absent.jar"), "NOW"), "FILE_UNREADABLE", "absent.jar");
            refused(runtime.update(noBundle, "NOW"), "FILE_UNREADABLE", "x.jar");
            refused(runtime.update(jars.part("2.0.0"), "NOW"), "NOT_SIGNED", "");
            refused(runtime.update(stranger.sign(jars.part("2.0.0")), "NOW"), "UNKNOWN_PUBLISHER", "CN=stranger");
            refused(runtime.update(signed("1.0.0"), "NOW"), "ALREADY_INSTALLED", "1.0.0");
            refused(runtime.update(signed("0.9.0"), "NOW"), "NOT_NEWER", "1.0.0");
            refused(other("Bundle-SymbolicName", "a.stranger", runtime), "NOT_INSTALLED", "a.stranger");
            refused(other("Bundle-SymbolicName", "org.apache.felix.scr", runtime), "NEVER_ALONE", "before updates");
            refused(
                    other("Bundle-SymbolicName", "io.nvremote.updates.bundles", runtime),
                    "NEVER_ALONE",
                    "before updates");
            refused(
                    other("Bundle-SymbolicName", "org.apache.felix.framework", runtime),
                    "NEVER_ALONE",
                    "the framework");
            refused(other("Fragment-Host", "a.user", runtime), "NEVER_ALONE", "fragment");
            refused(other("Bundle-Version", "two", runtime), "NOT_A_PLUGIN", "Bundle-Version");
            refused(other("Import-Package", "a.missing", runtime), "NOT_COMPATIBLE", "a.missing");
            refused(runtime.update(api, "NOW"), "RESTART_NEEDED", "a.user");
            refused(runtime.update(api, "WHEN_IDLE"), "RESTART_NEEDED", "a.user");
            refused(runtime.update(api, "FORCED"), "RESTART_NEEDED", "a.user");
            refused(runtime.update(signed("2.0.0"), "YESTERDAY"), "INVALID_VALUE", "YESTERDAY");
            refused(runtime.ask(Map.of("command", "rollback", "name", "a.user")), "NOTHING_BEFORE", "a.user");
            refused(runtime.ask(Map.of("command", "dance")), "UNKNOWN_COMMAND", "dance");
            runtime.awaitVersion("1.0.0");
            assertThat(runtime.listed("a.part").path("waiting").asText()).isEmpty();
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            JsonNode lower = runtime.ask(
                    Map.of("command", "update", "file", signed("0.9.0").toString(), "downgrade", "true"));
            said(lower, "REPLACED");
            runtime.awaitVersion("0.9.0");
        }
    }

    private JsonNode other(String header, String value, RunningFramework runtime) throws Exception {
        return runtime.update(operator.sign(jars.part("2.0.0", Parts.Good.class, Map.of(header, value))), "NOW");
    }

    @ParameterizedTest
    @ValueSource(strings = {"component", "activator", "service"})
    void with_what_does_not_do_the_old_one_is_back(String fault) throws Exception {
        Path bad =
                switch (fault) {
                    case "component" -> jars.part("2.0.0", Parts.Bad.class, Map.of());
                    case "activator" ->
                        jars.part("2.0.0", Parts.Good.class, Map.of("Bundle-Activator", "a.part.Missing"));
                    default ->
                        jars.part(
                                "2.0.0",
                                Parts.Good.class,
                                Map.of("Service-Component", "OSGI-INF/gone.xml")); // nothing offers what the user needs
                };
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            refused(runtime.update(operator.sign(bad), "NOW"), "UNHEALTHY", "");
            runtime.awaitVersion("1.0.0");
            assertThat(runtime.history()).containsExactly("UNDONE");
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
        }
    }

    @Test
    void nothing_ends_unless_somebody_says_so() throws Exception {
        System.setProperty(Parts.BUSY, "sessions: 2");
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            refused(runtime.update(signed("2.0.0"), "NOW"), "WOULD_END", "sessions: 2");
            said(runtime.update(signed("2.0.0"), "WHEN_IDLE"), "WAITING");
            assertThat(runtime.listed("a.part").path("waiting").asText()).isEqualTo("2.0.0");
            runtime.awaitVersion("1.0.0");
            said(runtime.update(signed("3.0.0"), "WHEN_IDLE"), "WAITING");
            System.clearProperty(Parts.BUSY);
            runtime.awaitVersion("3.0.0");
            System.setProperty(Parts.BUSY, "sessions: 1");
            said(runtime.update(signed("4.0.0"), "FORCED"), "REPLACED");
            runtime.awaitVersion("4.0.0");
            said(runtime.update(signed("5.0.0"), "WHEN_IDLE"), "WAITING");
            said(runtime.ask(Map.of("command", "rollback", "name", "a.part")), "REPLACED");
            System.clearProperty(Parts.BUSY);
            said(runtime.update(signed("4.5.0"), "NOW"), "REPLACED");
            runtime.awaitVersion("4.5.0");
            System.setProperty(Parts.BUSY, "sessions: 3");
            Map<String, String> back = Map.of("command", "rollback", "name", "a.part", "when", "WHEN_IDLE");
            said(runtime.ask(back), "WAITING");
            assertThat(runtime.listed("a.part").path("waiting").asText()).isEqualTo("4.0.0");
            runtime.awaitVersion("4.5.0");
            System.clearProperty(Parts.BUSY);
            runtime.awaitVersion("4.0.0");
        }
    }

    private Path beside(String version, Class<?> type) throws Exception {
        return jars.part(version, type, Map.of("Nvremote-Replace", "beside"));
    }

    @Test
    void what_somebody_holds_of_the_old_version_goes_on_until_its_owner_is_done_with_it() throws Exception {
        Path first = beside("1.0.0", Parts.Lasting.class);
        System.setProperty(Parts.BUSY, "a stream");
        try (RunningFramework runtime = new RunningFramework(folder, true, first, jars.follower())) {
            runtime.awaitVersion("1.0.0");
            JsonNode answer = runtime.update(operator.sign(beside("2.0.0", Parts.Lasting.class)), "NOW");
            said(answer, "REPLACED");
            assertThat(answer.at("/change/detail").asText()).isEqualTo("without a gap");
            said(runtime.update(operator.sign(beside("3.0.0", Parts.Lasting.class)), "NOW"), "REPLACED");
            Path bad = operator.sign(beside("4.0.0", Parts.Bad.class));
            refused(runtime.update(bad, "NOW"), "UNHEALTHY", "could not be made");
            said(runtime.ask(Map.of("command", "rollback", "name", "a.part")), "REPLACED");
            runtime.awaitVersion("2.0.0");
            Bundle old = Objects.requireNonNull(runtime.part("1.0.0"));
            WeakReference<ClassLoader> loader =
                    new WeakReference<>(old.adapt(BundleWiring.class).getClassLoader());

            System.setProperty(Parts.BUSY, "asks");
            assertThat(runtime.underway()).containsExactly("still here");

            System.clearProperty(Parts.BUSY);
            runtime.await("what it was made of is let go", () -> old.getState() == Bundle.INSTALLED);
            runtime.await("3.0.0 is let go", () -> runtime.part("3.0.0") == null);
            runtime.await("its classes are collected", () -> {
                System.gc();
                return loader.refersTo(null);
            });
            said(runtime.ask(Map.of("command", "rollback", "name", "a.part")), "REPLACED");
            runtime.awaitVersion("1.0.0");
        }
    }

    private static String told(String version) {
        return System.getProperty(Parts.TOLD + version, "");
    }

    @Test
    void what_retires_ends_what_it_began_beside_who_took_its_place() throws Exception {
        List<String> versions = List.of("1.0.0", "2.0.0", "3.0.0", "4.0.0");
        try (RunningFramework runtime =
                new RunningFramework(folder, true, jars.keeping("1.0.0", Parts.Keeping.class))) {
            System.setProperty(Parts.BUSY + "1.0.0", "sessions: 1");
            System.setProperty(Parts.BUSY + "2.0.0", "sessions: 2");
            Bundle first = Objects.requireNonNull(runtime.part("1.0.0"));
            JsonNode answer = runtime.update(operator.sign(jars.keeping("2.0.0", Parts.Keeping.class)), "NOW");
            said(answer, "REPLACED");
            assertThat(answer.at("/change/detail").asText()).isEqualTo("without a gap");
            assertThat(runtime.listed("a.part").path("version").asText()).isEqualTo("2.0.0");
            said(runtime.update(operator.sign(jars.keeping("3.0.0", Parts.Keeping.class)), "NOW"), "REPLACED");
            assertThat(List.of(told("1.0.0"), told("2.0.0"), told("3.0.0"))).containsExactly("retired", "retired", "");
            Bundle second = Objects.requireNonNull(runtime.part("2.0.0"));
            assertThat(List.of(first.getState(), second.getState())).containsOnly(Bundle.ACTIVE);

            Path bad = operator.sign(jars.keeping("4.0.0", Parts.BadKeeping.class));
            refused(runtime.update(bad, "NOW"), "UNHEALTHY", "could not be made");
            assertThat(told("3.0.0")).isEqualTo("retired resumed");
            assertThat(runtime.listed("a.part").path("version").asText()).isEqualTo("3.0.0");

            said(runtime.ask(Map.of("command", "rollback", "name", "a.part")), "REPLACED");
            assertThat(told("2.0.0")).isEqualTo("retired resumed");
            assertThat(runtime.listed("a.part").path("version").asText()).isEqualTo("2.0.0");
            runtime.await("3.0.0, with nothing under way, is gone", () -> runtime.part("3.0.0") == null);
            assertThat(first.getState()).isEqualTo(Bundle.ACTIVE);

            System.clearProperty(Parts.BUSY + "1.0.0");
            runtime.await("1.0.0 has ended all", () -> first.getState() == Bundle.INSTALLED);
            System.clearProperty(Parts.BUSY + "2.0.0");
            said(runtime.ask(Map.of("command", "rollback", "name", "a.part")), "REPLACED");
            assertThat(first.getState()).isEqualTo(Bundle.ACTIVE);
            runtime.await("2.0.0 has ended all", () -> runtime.part("2.0.0") == null);
        } finally {
            versions.forEach(version -> System.clearProperty(Parts.BUSY + version));
            versions.forEach(version -> System.clearProperty(Parts.TOLD + version));
        }
    }

    @Test
    void what_does_not_retire_goes_on_and_nothing_takes_its_place() throws Exception {
        try (RunningFramework runtime =
                new RunningFramework(folder, true, jars.keeping("1.0.0", Parts.Stubborn.class))) {
            Path next = operator.sign(jars.keeping("2.0.0", Parts.Keeping.class));
            refused(runtime.update(next, "NOW"), "UNHEALTHY", "does not retire");
            assertThat(told("1.0.0")).isEqualTo("resumed");
            assertThat(runtime.part("2.0.0")).isNull();
            assertThat(runtime.listed("a.part").path("version").asText()).isEqualTo("1.0.0");
        } finally {
            System.clearProperty(Parts.TOLD + "1.0.0");
        }
    }

    @Test
    void what_cant_change_over_would_end_with_it_all_the_same() throws Exception {
        Path first = beside("1.0.0", Parts.Good.class);
        System.setProperty(Parts.BUSY, "sessions: 2");
        try (RunningFramework runtime = new RunningFramework(folder, true, first, jars.user(), jars.api("1.0.0"))) {
            runtime.awaitVersion("1.0.0");
            Path next = operator.sign(beside("2.0.0", Parts.Good.class));
            refused(runtime.update(next, "NOW"), "WOULD_END", "sessions: 2");
        }
    }

    @Test
    void what_says_that_it_cant_be_replaced_comes_with_the_next_start() throws Exception {
        Path says = jars.part("1.0.0", Parts.Good.class, Map.of("Nvremote-Replace", "at restart; it holds a port"));
        try (RunningFramework runtime = new RunningFramework(folder, true, says, jars.user(), jars.api("1.0.0"))) {
            runtime.awaitVersion("1.0.0");
            refused(runtime.update(signed("2.0.0"), "FORCED"), "RESTART_NEEDED", "it holds a port");
            said(runtime.update(signed("2.0.0"), "AT_RESTART"), "WAITING");
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("2.0.0");
        }
    }

    @Test
    void what_others_are_wired_to_comes_with_the_next_start() throws Exception {
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            said(runtime.update(operator.sign(jars.api("2.0.0")), "AT_RESTART"), "WAITING");
            assertThat(runtime.active("a.api")).containsExactly("1.0.0");
            assertThat(runtime.listed("a.api").path("waiting").asText()).isEqualTo("2.0.0");
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            assertThat(runtime.active("a.api")).containsExactly("2.0.0");
            said(runtime.ask(Map.of("command", "rollback", "name", "a.api", "when", "AT_RESTART")), "WAITING");
            assertThat(runtime.listed("a.api").path("waiting").asText()).isEqualTo("the runtime's own");
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            assertThat(runtime.active("a.api")).containsExactly("1.0.0");
        }
    }

    @Test
    void what_the_runtime_was_not_well_with_in_two_starts_is_given_up() throws Exception {
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            said(runtime.update(signed("2.0.0"), "AT_RESTART"), "WAITING");
        }
        for (int i = 0; i < 2; i++) {
            try (RunningFramework runtime = start(false, "1.0.0")) {
                runtime.awaitVersion("2.0.0");
            }
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
            assertThat(runtime.history()).containsExactly("WAITING", "UNDONE");
        }
    }

    @Test
    void what_it_was_well_with_once_outlasts_bad_starts() throws Exception {
        try (RunningFramework runtime = start()) {
            said(runtime.update(signed("2.0.0"), "AT_RESTART"), "WAITING");
        }
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("2.0.0");
            runtime.await("the proof", () -> {
                try {
                    return runtime.state().contains("\"proven\":true");
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
        for (int i = 0; i < 3; i++) {
            try (RunningFramework runtime = start(false, "1.0.0")) {
                runtime.awaitVersion("2.0.0");
            }
        }
    }

    @Test
    void an_update_ends_with_the_version_that_it_was_made_for() throws Exception {
        try (RunningFramework runtime = start()) {
            said(runtime.update(signed("2.0.0"), "NOW"), "REPLACED");
        }
        try (RunningFramework runtime = start(true, "1.5.0")) {
            runtime.awaitVersion("1.5.0");
            assertThat(runtime.history()).isEqualTo(List.of("REPLACED", "UNDONE"));
        }
    }

    @Test
    void a_release_that_is_no_longer_trusted_or_was_changed_is_not_started() throws Exception {
        try (RunningFramework runtime = start()) {
            said(runtime.update(signed("2.0.0"), "NOW"), "REPLACED");
        }
        Files.delete(folder.resolve("bundles/publishers/operator.pem"));
        try (RunningFramework runtime = start()) {
            runtime.awaitVersion("1.0.0");
        }
    }
}
