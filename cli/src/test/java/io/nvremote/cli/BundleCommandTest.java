// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleCommandTest {

    @TempDir
    Path runtime;

    private CommandRun bundle(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--runtime", runtime.toString()));
        return CommandRun.of(new BundleCommand(), all.toArray(String[]::new));
    }

    private CompletableFuture<String> runtimeThatAnswers(String answer) throws IOException {
        return CommandRun.runtimeThatAnswers(runtime.resolve("bundles.sock"), answer);
    }

    @ParameterizedTest
    @CsvSource(
            value = {" | NOW", "--at-restart | AT_RESTART", "--when-idle | WHEN_IDLE", "--force | FORCED"},
            delimiter = '|')
    void an_update_says_what_and_when(String option, String when) throws IOException {
        Path jar = Files.writeString(runtime.resolve("x.jar"), "x");
        CompletableFuture<String> request = runtimeThatAnswers("{\"ok\":true}");
        CommandRun run = option == null
                ? bundle("update", jar.toString(), "--downgrade")
                : bundle("update", jar.toString(), "--downgrade", option);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(request.join())
                .contains("\"update\"", "\"" + jar + "\"", "\"downgrade\":\"true\"", "\"" + when + "\"");
    }

    @Test
    void two_times_are_one_too_many() throws IOException {
        Path jar = Files.writeString(runtime.resolve("x.jar"), "x");
        CommandRun run = bundle("update", jar.toString(), "--force", "--when-idle");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--force", "--when-idle");
    }

    @Test
    void a_bundle_is_put_back_by_its_name() throws IOException {
        CompletableFuture<String> request = runtimeThatAnswers("{\"ok\":true}");
        CommandRun run = bundle("rollback", "io.nvremote.rest", "--at-restart");
        assertThat(run.exit()).isZero();
        assertThat(request.join()).contains("\"rollback\"", "\"io.nvremote.rest\"", "\"AT_RESTART\"");
    }

    @Test
    void a_refusal_names_the_runtime_and_what_to_do() throws IOException {
        CompletableFuture<String> request = runtimeThatAnswers(
                "{\"ok\":false,\"code\":\"WOULD_END\",\"message\":\"io.nvremote.host: sessions: 2\",\"advice\":\"Wait.\"}");
        CommandRun run = bundle("history");
        assertThat(request.join()).contains("\"history\"");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().strip())
                .isEqualTo("nvremote: the runtime in " + runtime
                        + " refused: io.nvremote.host: sessions: 2 (WOULD_END). Wait.");
    }

    @Test
    void what_is_no_file_and_where_no_runtime_is_says_so() {
        CommandRun run = bundle("update", runtime.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("one jar file", runtime.toString());
        run = bundle("list");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no runtime runs in " + runtime, "--runtime", "bundles.sock");
    }

    @Test
    void a_runtime_has_to_be_named() {
        CommandRun run = CommandRun.of(new BundleCommand(), "list");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--runtime");
    }
}
