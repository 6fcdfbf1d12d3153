// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of the command line; a real control plane is asked in {@code tests/control-plane}. */
class UserCommandTest {

    @TempDir
    Path folder;

    private CommandRun user(String... arguments) {
        return CommandRun.of(new UserCommand(), arguments);
    }

    @ParameterizedTest
    @CsvSource({"find,", "disable,", "enable,", "make-admin,0193a1b2-0000-7000-8000-000000000001"})
    void what_is_asked_and_what_is_answered(String command, String org) throws Exception {
        CompletableFuture<String> asked =
                CommandRun.runtimeThatAnswers(folder.resolve("operator.sock"), "{\"ok\":true}");
        String at = "--control-plane=" + folder;
        CommandRun run = org == null ? user(command, "ada@example.org", at) : user(command, "ada@example.org", org, at);
        assertThat(run.exit()).isZero();
        assertThat(asked.join()).contains("\"" + command + "\"").contains("\"ada@example.org\"");
        if (org != null) {
            assertThat(asked.join()).contains("\"org\"").contains(org);
        }
        assertThat(run.out()).contains("true");
    }

    @Test
    void a_refusal_is_said_with_what_to_do() throws Exception {
        CompletableFuture<String> asked = CommandRun.runtimeThatAnswers(
                folder.resolve("operator.sock"),
                "{\"ok\":false,\"code\":\"LAST_ADMIN\",\"message\":\"the only admin of acme\",\"advice\":\"Make another.\"}");
        CommandRun run = user("disable", "ada@example.org", "--control-plane", folder.toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(asked.join()).contains("disable");
        assertThat(run.err()).contains("refused: the only admin of acme (LAST_ADMIN). Make another.");
    }

    @Test
    void where_no_control_plane_runs_the_answer_says_what_to_name() {
        CommandRun run = user("disable", "x", "--control-plane", folder.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no control plane runs in " + folder).contains("--control-plane");
        assertThat(user("disable").exit()).isEqualTo(2);
        assertThat(user("make-admin", "x").exit()).isEqualTo(2);
        assertThat(user().exit()).isEqualTo(2);
    }
}
