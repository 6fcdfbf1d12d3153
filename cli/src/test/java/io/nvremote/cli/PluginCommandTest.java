// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

class PluginCommandTest {

    @TempDir
    Path agent;

    private CommandRun plugin(String... arguments) {
        return CommandRun.of(new PluginCommand(), arguments);
    }

    private CompletableFuture<String> agentThatAnswers(String answer) throws IOException {
        return CommandRun.runtimeThatAnswers(agent.resolve("updates.sock"), answer);
    }

    @Test
    void a_refusal_is_json_on_standard_output_and_a_sentence_on_standard_error() throws IOException {
        Path jar = Files.writeString(agent.resolve("x.jar"), "x");
        CompletableFuture<String> request = agentThatAnswers(
                "{\"ok\":false,\"code\":\"NOT_SIGNED\",\"message\":\"not signed: a.class\",\"advice\":\"Sign it.\"}");
        CommandRun run = plugin("install", jar.toString(), "--agent", agent.toString());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(request.join()).contains(jar.toString());
        assertThat(run.out()).startsWith("{").contains("\"NOT_SIGNED\"");
        assertThat(run.err().strip())
                .isEqualTo("nvremote: the host agent in " + agent
                        + " refused: not signed: a.class (NOT_SIGNED). Sign it.");
    }

    @Test
    void a_plugin_is_removed_by_its_name() throws IOException {
        CompletableFuture<String> request = agentThatAnswers("{\"ok\":true}");
        CommandRun run = plugin("remove", "com.acme.encoder", "--agent", agent.toString());
        assertThat(run.exit()).isZero();
        assertThat(request.join()).contains("\"remove\"").contains("\"com.acme.encoder\"");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void a_plugin_is_shown_by_its_name() throws IOException {
        CompletableFuture<String> request = agentThatAnswers("{\"ok\":true,\"measured\":{\"stalls\":1}}");
        CommandRun run = plugin("show", "com.acme.encoder", "--agent", agent.toString());
        assertThat(run.exit()).isZero();
        assertThat(request.join()).contains("\"show\"").contains("\"com.acme.encoder\"");
        assertThat(run.out()).contains("\"stalls\" : 1");
    }

    @Test
    void any_runtime_is_named_by_its_folder() throws IOException {
        CompletableFuture<String> request = agentThatAnswers("{\"ok\":true}");
        CommandRun run = plugin("remove", "com.acme.decoder", "--runtime", agent.toString());
        assertThat(run.exit()).isZero();
        assertThat(request.join()).contains("\"com.acme.decoder\"");
        run = plugin("list", "--runtime", agent.resolve("nowhere").toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no runtime runs in").contains("--runtime");
        run = plugin("list", "--runtime", agent.toString(), "--agent", agent.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--agent and --runtime name the same");
    }

    @Test
    void where_no_agent_runs_the_answer_says_what_to_name() throws IOException {
        CommandRun run = plugin("list", "--agent", agent.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no host agent runs in " + agent).contains("--agent");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(agent.resolve("updates.sock"))); // its file stays behind
        }
        run = plugin("list", "--agent", agent.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no host agent answers at");
    }

    @Test
    void an_agent_that_ends_without_an_answer_is_said_so() throws IOException {
        CompletableFuture<String> request = agentThatAnswers("");
        CommandRun run = plugin("list", "--agent", agent.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("ended before it answered");
        assertThat(request.join()).contains("list");
    }

    /** As one whose process is stopped: the system takes the connection, and nobody reads. */
    @Test
    void an_agent_that_is_there_and_silent_is_not_waited_for_without_end() throws IOException {
        Path file = agent.resolve("updates.sock");
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(file));
            RuntimeSocket socket = new RuntimeSocket("host agent", "--agent", file, Duration.ofMillis(200));
            assertThatThrownBy(() -> socket.ask(Map.of("command", "list"), CommandSpec.create()))
                    .isInstanceOf(Trouble.class)
                    .hasMessageContaining("is there, but did not answer")
                    .hasMessageContaining("kill -CONT");
        }
    }

    @Test
    void a_plugin_is_installed_for_a_debugger_and_let_in_again() throws IOException {
        Path jar = Files.writeString(agent.resolve("x.jar"), "x");
        CompletableFuture<String> request = agentThatAnswers("{\"ok\":true}");
        CommandRun run = plugin("install", "--dev", jar.toString(), "--agent", agent.toString());
        assertThat(run.exit()).isZero();
        assertThat(request.join()).contains("\"development\":\"true\"");
        Files.delete(agent.resolve("updates.sock"));
        request = agentThatAnswers("{\"ok\":true}");
        run = plugin("unquarantine", "com.acme.encoder", "--agent", agent.toString());
        assertThat(run.exit()).isZero();
        assertThat(request.join()).contains("\"unquarantine\"").contains("\"com.acme.encoder\"");
    }

    @Test
    void what_is_no_file_never_reaches_the_agent() {
        CommandRun run = plugin("install", agent.resolve("absent.jar").toString(), "--agent", agent.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no such file: " + agent.resolve("absent.jar"));
        run = plugin("install", agent.toString(), "--agent", agent.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("one jar file");
    }

    @Test
    void wrong_usage_is_answered_with_the_usage() {
        CommandRun run = plugin();
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("Missing required subcommand").contains("remove");
        run = plugin("install");
        assertThat(run.exit()).isEqualTo(2);
        run = plugin("list", "--nosuch");
        assertThat(run.exit()).isEqualTo(2);
        run = plugin("--help");
        assertThat(run.exit()).isZero();
        run = plugin("install", "--help");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("JAR").contains("--agent");
    }
}
