// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong usage ends with 2 and a sentence: no trace, no class name. */
class MainTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "demo --seconds -1         | --seconds must be 5 to 86400: -1",
                "demo --seconds abc        | --seconds",
                "demo --capture foo        | one of [AUTO, X11, TESTCARD] (case-insensitive)",
                "demo --codec vhs          | one of [H264, HEVC, AV1] (case-insensitive)",
                "demo --path sideways      | one of [AUTO, RELAY] (case-insensitive)",
                "demo --folder             | --folder",
                "demo --debug hostagent    | expected one of control-plane, gateway, host-agent, client but was 'hostagent'",
                "runtime new               | NAME",
                "demo elsewhere            | elsewhere",
                "plugin install            | JAR",
                "plugin new toaster turbo  | one of [ENCODER, DECODER, CAPTURE, INPUT] (case-insensitive)",
                "plugin new encoder Turbo  | small letters and digits",
                "plugin new input turbo --package turbo | has a dot, like com.example.turbo",
                "plugin new input turbo --package com.class.x | Java's word class",
                "plugin verify nothing     | no such file",
                "audit verify nothing      | no such file",
                "audit verify              | FILE",
                "plugin dev /proc          | no project of a plugin (no pom.xml) in /proc",
                "plugin frob               | frob",
                "frob                      | frob",
            })
    void a_wrong_word_is_named_with_what_would_be_right(String command, String said) {
        CommandRun run = CommandRun.of(new Main(), command.split(" "));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(said).doesNotContain("Exception", "\tat ", "io.nvremote");
    }

    @Test
    void the_front_door_passes_on_and_explains_every_command() throws IOException {
        String door = Files.readString(Path.of("../nvremote"));
        List<String> passedOn = door.lines()
                .filter(line -> line.startsWith("    demo | "))
                .flatMap(line -> Stream.of(line.split("[ |)]+")))
                .toList();
        for (String command : Main.line(new Main()).getSubcommands().keySet()) {
            assertThat(passedOn).contains(command);
            assertThat(door).contains("  ./nvremote " + command + " ");
        }
    }

    @Test
    void a_folder_that_can_not_be_made_is_named() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path[] nowhere = {file, file.resolve("in-a-file"), Path.of("/proc/nvremote"), folder.resolve("x".repeat(300))};
        for (Path place : nowhere) {
            CommandRun run = CommandRun.of(new Main(), "demo", "--headless", "--folder", place.toString());
            assertThat(run.exit()).as(place.toString()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith("nvremote: ")
                    .contains(place.toString())
                    .doesNotContain("\tat ");
        }
    }
}
