// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DoctorCommandTest {

    private final Set<String> installed = new HashSet<>();
    private final Set<String> unknown = new HashSet<>();
    private final List<String> ran = new ArrayList<>();
    private boolean able = true;
    private String out = "";
    private String err = "";

    private final List<DoctorNeed> needs = List.of(
            need("alpha", "pkg-alpha"),
            need("beta", "pkg-beta"),
            new DoctorNeed(
                    "tunnels", "device", () -> installed.contains("device"), List.of(), List.of("load", "it"), ""),
            new DoctorNeed("hardware", "card", () -> false, List.of(), List.of(), "buy one"));

    private DoctorNeed need(String what, String debian) {
        return new DoctorNeed("tests", what, () -> installed.contains(debian), List.of(debian), List.of(), "");
    }

    /** An apt that installs nothing of a command that names a package it does not know. */
    private final class FakeApt implements DoctorCommand.Supplier {

        @Override
        public boolean able() {
            return able;
        }

        @Override
        public int run(List<String> command, PrintWriter log) {
            ran.add(String.join(" ", command));
            if (command.stream().anyMatch(unknown::contains)) {
                return 100;
            }
            installed.addAll(command);
            if (command.contains("load")) {
                installed.add("device");
            }
            return 0;
        }
    }

    private int doctor(String... options) {
        StringWriter to = new StringWriter();
        StringWriter errors = new StringWriter();
        int exit = new CommandLine(new DoctorCommand(needs, new FakeApt()))
                .setOut(new PrintWriter(to))
                .setErr(new PrintWriter(errors))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(e.getMessage());
                    return e instanceof Trouble ? 2 : 99;
                })
                .execute(options);
        out = to.toString();
        err = errors.toString();
        return exit;
    }

    @Test
    void what_is_missing_is_listed_with_the_command_that_supplies_it() {
        installed.add("pkg-alpha");
        assertThat(doctor()).isEqualTo(1);
        assertThat(out)
                .containsPattern("ok +tests +alpha")
                .containsPattern("MISSING +tests +beta")
                .contains("apt-get install -y --no-install-recommends pkg-beta")
                .contains("load it")
                .contains("buy one");
        assertThat(ran).isEmpty();
    }

    @Test
    void what_no_command_supplies_is_said_but_is_no_failure() {
        installed.addAll(List.of("pkg-alpha", "pkg-beta", "device"));
        assertThat(doctor()).isZero();
        assertThat(doctor("--fix")).isZero();
        assertThat(out).contains("MISSING hardware").contains("Nothing is missing that a command could supply.");
        assertThat(ran).isEmpty();
    }

    @Test
    void fix_runs_the_commands_and_looks_again() {
        assertThat(doctor("--fix")).isZero();
        assertThat(ran)
                .containsExactly(
                        "load it",
                        "apt-get update -q",
                        "apt-get install -y --no-install-recommends pkg-alpha pkg-beta");
        assertThat(out).doesNotContainPattern("MISSING +tests");
    }

    @Test
    void a_package_that_apt_does_not_know_does_not_keep_the_others_out() {
        unknown.add("pkg-alpha");
        assertThat(doctor("--fix")).isEqualTo(1);
        assertThat(installed).contains("pkg-beta");
        assertThat(out)
                .contains("Failed: apt-get install -y --no-install-recommends pkg-alpha")
                .contains("Still missing: alpha\n");
        assertThat(err).contains("failed with exit code 100");
    }

    @Test
    void a_command_that_says_it_succeeded_but_supplied_nothing_is_not_believed() {
        DoctorNeed stubborn = new DoctorNeed("tests", "gamma", () -> false, List.of("pkg-gamma"), List.of(), "");
        StringWriter to = new StringWriter();
        int exit = new CommandLine(new DoctorCommand(List.of(stubborn), new FakeApt()))
                .setOut(new PrintWriter(to))
                .setErr(new PrintWriter(new StringWriter()))
                .execute("--fix");
        assertThat(exit).isEqualTo(1);
        assertThat(to.toString()).contains("Still missing: gamma");
    }

    @Test
    void fix_without_the_rights_says_what_to_run_as_root() {
        able = false;
        assertThat(doctor("--fix")).isEqualTo(2);
        assertThat(err).contains("as root").contains("load it").contains("pkg-alpha pkg-beta");
        assertThat(ran).isEmpty();
    }

    @Test
    void json_is_the_whole_standard_output() throws IOException {
        unknown.add("pkg-beta");
        assertThat(doctor("--json", "--fix")).isEqualTo(1);
        JsonNode found = new ObjectMapper().readTree(out);
        assertThat(found.path("ok").asBoolean(true)).isFalse();
        assertThat(found.path("needs").findValuesAsText("what")).containsExactly("alpha", "beta", "device", "card");
        assertThat(found.path("needs").get(0).path("present").asBoolean()).isTrue();
        assertThat(found.path("needs").get(1).path("command").asText()).endsWith("pkg-beta");
        assertThat(found.path("needs").get(3).path("advice").asText()).isEqualTo("buy one");
        assertThat(found.path("failed")).hasSize(1);
    }

    @Test
    void an_unknown_option_is_wrong_usage() {
        assertThat(doctor("--nosuch")).isEqualTo(2);
        assertThat(err).contains("Unknown option: '--nosuch'").contains("Usage:");
        assertThat(ran).isEmpty();
    }

    @Test
    void every_package_of_the_test_suite_is_looked_for() throws IOException {
        List<String> listed = Files.readAllLines(Path.of("..", "cnf", "packages.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\\s+", 2)[0])
                .toList();
        assertThat(DoctorNeed.ALL.stream().flatMap(need -> need.packages().stream()))
                .hasSizeGreaterThan(20)
                .containsAll(listed);
    }
}
