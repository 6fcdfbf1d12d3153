// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCommandTest {

    @TempDir
    Path runtime;

    private CommandRun log(String... arguments) {
        return CommandRun.of(new LogCommand(), arguments);
    }

    private CompletableFuture<String> runtimeThatAnswers(String file, String answer) throws IOException {
        return CommandRun.runtimeThatAnswers(runtime.resolve(file), answer);
    }

    @Test
    void a_level_is_chosen_and_those_that_were_are_listed() throws IOException {
        CompletableFuture<String> request =
                runtimeThatAnswers("bundles.sock", "{\"ok\":true,\"level\":{\"level\":\"DEBUG\"}}");
        CommandRun run = log("level", "com.acme.encoder", "debug", "--runtime", runtime.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(request.join()).contains("\"log-level\"", "\"com.acme.encoder\"", "\"debug\"");
        assertThat(run.out()).contains("DEBUG");
        Files.delete(runtime.resolve("bundles.sock"));
        request = runtimeThatAnswers("bundles.sock", "{\"ok\":true,\"levels\":[]}");
        run = log("level", "--runtime", runtime.toString());
        assertThat(run.exit()).isZero();
        assertThat(request.join()).contains("\"log-levels\"");
    }

    @Test
    void what_is_missing_is_said() {
        CommandRun run = log("level", "com.acme.encoder", "--runtime", runtime.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("which level com.acme.encoder is to have", "DEFAULT");
        run = log("level", "com.acme.encoder", "DEBUG");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--runtime");
        run = log("level", "--runtime", runtime.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no runtime runs in " + runtime);
    }

    @Test
    void the_lines_of_a_plugin_are_printed_as_they_are() throws IOException {
        CompletableFuture<String> request =
                runtimeThatAnswers("updates.sock", "{\"ok\":true,\"lines\":[\"a \\\"b\\\"\",\"c\"]}");
        CommandRun run = CommandRun.of(
                new PluginCommand(), "log", "com.acme.encoder", "--lines", "2", "--agent", runtime.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(request.join()).contains("\"log\"", "\"lines\":\"2\"");
        assertThat(run.out()).isEqualTo(String.format("a \"b\"%nc%n"));
        for (String wrong : new String[] {"0", "-1", "1001"}) {
            run = CommandRun.of(new PluginCommand(), "log", "x", "--lines", wrong, "--agent", runtime.toString());
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("--lines must be 1 to 1000: " + wrong);
        }
    }
}
