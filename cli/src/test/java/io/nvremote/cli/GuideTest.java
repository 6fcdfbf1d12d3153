// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What guides and other pages name is there: commands with their options, files. */
class GuideTest {

    private static final Path ROOT = Path.of("..");
    /** A command in a block or between backticks, up to what is a remark. */
    private static final Pattern COMMAND =
            Pattern.compile("(?:\\./|\\$NVREMOTE/|^|`)nvremote ([^`\\n]*?)(?: {2,}.*| +# .*|`|$)", Pattern.MULTILINE);

    private static final Pattern FILE = Pattern.compile("`((?:docs|examples|runtimes|lib|bundles)/[A-Za-z0-9_./-]+)`");
    /** Of the script alone. */
    private static final Set<String> SCRIPT = Set.of("test", "bench", "help");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String place : List.of("docs/guide", "examples")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                files.filter(file -> file.toString().endsWith(".md")
                                && !file.toString().contains("/target/"))
                        .forEach(pages::add);
            }
        }
        pages.addAll(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        return pages;
    }

    /** What is wrong with the words after {@code nvremote}; null if nothing is. */
    private static @Nullable String wrong(String words) {
        CommandLine command = Main.line(new Main());
        for (String word : words.split(" +")) {
            String option = word.replaceAll("[=\\],].*", "").replaceAll("^\\[", "");
            if (option.startsWith("--")) {
                if (command.getCommandSpec().findOption(option) == null) {
                    return command.getCommandName() + " has no " + option + " in: " + words;
                }
            } else if (!command.getSubcommands().isEmpty()) {
                if (word.matches("[a-z-]+") && !command.getSubcommands().containsKey(word)) {
                    return SCRIPT.contains(word) ? null : "no command " + word + " in: " + words;
                }
                command = command.getSubcommands().getOrDefault(word, command);
            }
        }
        return null;
    }

    @Test
    void every_command_that_a_page_names_is_there_with_its_options() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path page : pages()) {
            Matcher commands = COMMAND.matcher(Files.readString(page).replaceAll("(\\S)\n(?=[^\n`]*`)", "$1 "));
            while (commands.find()) {
                seen++;
                String problem = wrong(commands.group(1).strip());
                if (problem != null) {
                    wrong.add(page + ": " + problem);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(30);
    }

    @Test
    void every_file_that_a_page_names_is_there() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path page : pages()) {
            Matcher files = FILE.matcher(Files.readString(page));
            while (files.find()) {
                if (!isThere(ROOT.resolve(files.group(1)))) {
                    missing.add(page + ": " + files.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    /** A decision is named by its number. */
    private static boolean isThere(Path file) throws IOException {
        try (Stream<Path> beside =
                Files.isDirectory(file.getParent()) ? Files.list(file.getParent()) : Stream.empty()) {
            String name = file.getFileName().toString();
            return Files.exists(file)
                    || beside.anyMatch(each -> each.getFileName().toString().startsWith(name + "-"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plugin log com.example.turbo --lines 50 |",
                "log level --runtime host-agent |",
                "demo --headless --seconds 600 |",
                "test |",
                "plugin lgo x | no command lgo in: plugin lgo x",
                "plug | no command plug in: plug",
                "plugin log x --line 5 | log has no --line in: plugin log x --line 5",
                "demo --header | demo has no --header in: demo --header"
            })
    void what_is_not_there_is_found(String words, @Nullable String problem) {
        assertThat(wrong(words)).isEqualTo(problem);
    }
}
