// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of README and CONTRIBUTING do what is said there: each is run, here in a clone or by another test that is named,
 * and a new one fails until somebody runs it.
 */
class CommandsTest {

    /** Run in a clone, in this order: what is written for one module alone, and the format. */
    private static final List<String> RUN_HERE = List.of(
            "./build -B -q -DskipTests install -pl cnf/bom,bundles/encode-api -am",
            "./build -B verify -f bundles/encode-api",
            "./build spotless:apply -N");

    /** Run by others: the command, the file that does it, and what stands there. */
    private record RunBy(String command, String file, String line) {}

    private static final List<RunBy> RUN_BY_OTHERS = List.of(
            new RunBy("./nvremote test", ".ci/run", "exec ./nvremote test"),
            // The test command is this with the format check, and its output counted.
            new RunBy("./build verify", "tests/run", "./build"),
            new RunBy("./nvremote demo", "tests/kit/src/main/java/io/nvremote/tests/kit/DemoProcess.java", "demo"),
            new RunBy(
                    "./nvremote demo --headless",
                    "tests/journey/src/test/java/io/nvremote/tests/journey/JourneyTest.java",
                    "--headless"));

    /** Nine minutes on a quiet machine: run before a release, not at each change. */
    private static final String BENCH = "./nvremote bench";

    @TempDir
    Path folder;

    /** The lines of code blocks that begin with a script of the root, without the remark behind. */
    private static List<String> commands(String text) {
        List<String> found = new ArrayList<>();
        boolean block = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                block = !block;
            } else if (block && line.startsWith("./")) {
                found.add(line.split("  +#? *|\\s+# ", 2)[0].strip());
            }
        }
        return found;
    }

    private static Set<String> all() throws IOException {
        Set<String> all = new java.util.TreeSet<>();
        for (String page : List.of("README.md", "CONTRIBUTING.md")) {
            all.addAll(commands(Files.readString(Room.root().resolve(page))));
        }
        return all;
    }

    @Test
    void every_command_is_run_by_somebody() throws IOException {
        List<String> known = Stream.of(RUN_HERE.stream(), RUN_BY_OTHERS.stream().map(RunBy::command), Stream.of(BENCH))
                .flatMap(s -> s)
                .sorted()
                .toList();
        assertThat(all()).containsExactlyElementsOf(known);
        for (RunBy other : RUN_BY_OTHERS) {
            assertThat(Room.root().resolve(other.file())).content().contains(other.line());
        }
    }

    @Test
    void commands_are_read_off_a_page() {
        String page =
                "text ./a\n```\n./a b   # what for\n./c d        what for\n./e -f # g\nls\n```\n./h\n```\n./i\n```\n";
        assertThat(commands(page)).containsExactly("./a b", "./c d", "./e -f", "./i");
    }

    @Test
    void those_for_one_module_work_as_written_in_a_clone() throws Exception {
        Path clone = folder.resolve("clone");
        run(Room.root(), "git", "clone", "-q", "--shared", Room.root().toString(), clone.toString());
        Path repository = withoutOurs();
        for (String command : RUN_HERE) {
            run(clone, "bash", "-c", command + " -Dmaven.repo.local=" + repository);
        }
        assertThat(clone.resolve("bundles/encode-api/target"))
                .isDirectoryContaining("glob:**/io.nvremote.encode.api-*.jar");
        String changed = run(clone, "git", "status", "--porcelain", "--untracked-files=no");
        assertThat(changed).as("changed by the format command").isEmpty();
    }

    /** A local Maven repository as on a machine that never built this: what the real one has fetched, and nothing of ours. */
    private Path withoutOurs() throws IOException {
        String told = System.getProperty("house.repository", "");
        Path real = told.isEmpty() ? Path.of(System.getProperty("user.home"), ".m2/repository") : Path.of(told);
        Path fresh = Files.createDirectories(folder.resolve("repository"));
        link(real, fresh, "io");
        link(real.resolve("io"), Files.createDirectories(fresh.resolve("io")), "nvremote");
        return fresh;
    }

    private static void link(Path from, Path to, String but) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (!entry.getFileName().toString().equals(but)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private static String run(Path in, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + output)
                .isZero();
        return output;
    }
}
