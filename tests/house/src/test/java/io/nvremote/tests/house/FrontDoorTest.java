// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person meets first: the scripts at the root, on a machine that lacks something. */
class FrontDoorTest {

    @TempDir
    Path empty;

    private record Run(int exit, String output) {}

    private static Run run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Room.root().toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    /** A PATH with the few commands the script itself uses, and no JDK. */
    private String bareRoom() throws IOException {
        for (String command : List.of("bash", "env", "dirname", "readlink", "sed", "cat")) {
            Files.createSymbolicLink(empty.resolve(command), Path.of("/usr/bin", command));
        }
        return empty.toString();
    }

    @Test
    void without_a_jdk_25_the_build_says_what_to_install() throws Exception {
        Run run = run(
                Map.of("JAVA_HOME", "", "PATH", bareRoom(), "NVREMOTE_JDK_DIRS", empty.toString()),
                "/usr/bin/bash",
                "./build",
                "verify");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.output()).contains("needs a JDK 25").contains("JAVA_HOME");
    }

    @Test
    void a_jdk_25_is_found_in_the_usual_folders_although_the_default_java_is_older() throws Exception {
        Path jdk = Path.of(System.getProperty("java.home"));
        Run run = run(
                Map.of(
                        "JAVA_HOME",
                        "",
                        "PATH",
                        bareRoom(),
                        "NVREMOTE_JDK_DIRS",
                        jdk.getParent().toString()),
                "/usr/bin/bash",
                "./build",
                "--print-java-home");
        assertThat(run.output()).contains(jdk.getParent().toString());
        assertThat(run.exit()).isZero();
    }

    @Test
    void plain_maven_under_an_older_jdk_stops_at_once_with_the_same_message() throws Exception {
        Optional<Path> older = olderJdk();
        if (older.isEmpty()) {
            String lack = "NOT PROVEN: plain mvn under an older JDK: openjdk-17-jdk-headless";
            if ("true".equals(System.getenv("CI"))) {
                fail(lack);
            }
            Assumptions.abort(lack);
        }
        Run run = run(Map.of("JAVA_HOME", older.orElseThrow().toString()), "mvn", "-o", "-B", "validate");
        assertThat(run.exit()).isNotZero();
        assertThat(run.output()).contains("needs a JDK 25").contains("./build");
    }

    private static Optional<Path> olderJdk() throws IOException {
        Path folder = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> jdks = Files.list(folder)) {
            return jdks.filter(j -> Files.isExecutable(j.resolve("bin/javac")))
                    .filter(j -> j.getFileName().toString().matches(".*-(11|17|21)-.*"))
                    .findFirst();
        }
    }

    @Test
    void an_unknown_command_prints_the_usage() throws Exception {
        Run run = run(Map.of(), "./nvremote", "dance");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.output()).contains("./nvremote demo").contains("./nvremote doctor");
    }
}
