// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runtimes of an operator's own. That what is made builds and runs is shown in tests/operators. */
class RuntimeCommandTest {

    private final String before = System.getProperty("nvremote.home", "");

    @TempDir
    Path folder;

    @BeforeEach
    void home() {
        System.setProperty(
                "nvremote.home", Path.of("..").toAbsolutePath().normalize().toString());
    }

    @AfterEach
    void back() {
        if (before.isEmpty()) {
            System.clearProperty("nvremote.home");
        } else {
            System.setProperty("nvremote.home", before);
        }
    }

    private CommandRun make(String name, String... more) {
        List<String> line = Stream.concat(
                        Stream.of(
                                "runtime",
                                "new",
                                name,
                                "--folder",
                                folder.resolve("made").toString()),
                        Stream.of(more))
                .toList();
        return CommandRun.of(new Main(), line.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"control-plane", "gateway", "host-agent", "audit"})
    void nothing_of_the_example_s_names_is_left(String base) throws IOException {
        CommandRun run = make("render-plane", "--base", base, "--group", "org.render.lab");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("made " + folder.resolve("made"), "runtime/target/render-plane.jar");
        try (Stream<Path> files = Files.walk(folder.resolve("made"))) {
            List<Path> made = files.filter(Files::isRegularFile).toList();
            assertThat(made)
                    .anyMatch(file -> file.endsWith("runtime/render-plane.bndrun"))
                    .anyMatch(file -> file.endsWith("runtime/config/render-plane.json"))
                    .allMatch(file ->
                            !file.toString().toLowerCase(java.util.Locale.ROOT).contains("acme"))
                    .allMatch(file -> !file.toString().contains("/target/"));
            for (Path file : made) {
                assertThat(Files.readString(file).toLowerCase(java.util.Locale.ROOT))
                        .as(file.toString())
                        .doesNotContain("acme");
            }
        }
        assertThat(folder.resolve("made/pom.xml")).content().contains("<groupId>org.render.lab</groupId>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Plane  |                          | small letters, digits and single hyphens",
                "a--b   |                          | small letters, digits and single hyphens",
                "../x   |                          | small letters, digits and single hyphens",
                "gateway |                         | none of ours",
                "plane  | --base=client            | --base is control-plane, gateway, host-agent or audit: client",
                "plane  | --group=acme             | --group is a Java package of yours",
                "plane  | --group=com.new          | --group is a Java package of yours",
                "plane  | --group=io.nvremote.x    | --group is a Java package of yours",
            })
    void what_can_t_be_a_name_is_refused(String name, String option, String words) {
        CommandRun run = option == null ? make(name) : make(name, option);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(words);
        assertThat(folder.resolve("made")).doesNotExist();
    }

    @Test
    void what_is_there_is_left_alone() throws IOException {
        Files.createDirectory(folder.resolve("made"));
        CommandRun run = make("plane");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("left alone");
        assertThat(folder.resolve("made")).isEmptyDirectory();
    }
}
