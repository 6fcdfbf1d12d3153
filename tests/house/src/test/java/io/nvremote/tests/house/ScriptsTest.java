// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts and units that no compiler looks at. */
class ScriptsTest {

    @TempDir
    Path folder;

    private record Run(int exit, String output) {}

    private static Run run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(Room.root().toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "encode-software: reopen at a key frame|true",
                "lib: a|true",
                "Merge branch 'x' into a branch with a name that is far longer than seventy-two characters|true",
                "fixed it|false",
                ": nothing before|false",
                "rest: a subject of seventy-two characters, which is the most that fits..|true",
                "rest: a subject of seventy-two characters, which is the most that fits..x|false"
            })
    void the_hook_takes_subjects_that_fit_and_say_where_and_what(String subject, boolean fits) throws Exception {
        Path message =
                Files.writeString(folder.resolve("message"), "# a comment\n" + subject + "\n\nA body of any length.\n");
        Run run = run(".githooks/commit-msg", message.toString());
        assertThat(run.exit() == 0)
                .as(subject.length() + " characters: " + run.output())
                .isEqualTo(fits);
    }

    @Test
    void units_are_right_and_stop_their_runtime_alone() throws Exception {
        List<Path> units;
        try (Stream<Path> files = Files.list(Room.root().resolve("deploy/systemd"))) {
            units = files.filter(f -> f.toString().endsWith(".service")).toList();
        }
        assertThat(units).hasSize(3);
        for (Path unit : units) {
            String text = Files.readString(unit);
            assertThat(text).contains("KillMode=mixed\n").contains("LC_ALL=C.UTF-8\n");
            // The one thing this machine may have elsewhere.
            String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
            Files.writeString(folder.resolve(unit.getFileName()), text.replace("/usr/bin/java", java));
        }
        if (!Files.isExecutable(Path.of("/usr/bin/systemd-analyze"))) {
            Assumptions.abort("NOT PROVEN: units checked by systemd-analyze: systemd");
        }
        for (Path unit : units) {
            Run run = run(
                    "systemd-analyze",
                    "verify",
                    "--man=no",
                    folder.resolve(unit.getFileName()).toString());
            assertThat(run.output()
                            .lines()
                            .filter(l -> l.contains(unit.getFileName().toString())))
                    .isEmpty();
            assertThat(run.exit()).as(run.output()).isZero();
        }
        Path bad = Files.writeString(folder.resolve("bad.service"), "[Service]\nExecStart=relative\nKillMode=maybe\n");
        assertThat(run("systemd-analyze", "verify", "--man=no", bad.toString()).output())
                .contains("bad.service");
    }
}
