// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PluginCommandTest {

    @TempDir
    Path agent;

    private String out = "";
    private String err = "";

    private int plugin(String... arguments) {
        StringWriter to = new StringWriter();
        StringWriter errors = new StringWriter();
        int exit = new CommandLine(new PluginCommand())
                .setOut(new PrintWriter(to))
                .setErr(new PrintWriter(errors))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(e.getMessage());
                    return e instanceof Trouble ? 2 : 99;
                })
                .execute(arguments);
        out = to.toString();
        err = errors.toString();
        return exit;
    }

    /** Answers one request with that text; the future is the request. */
    private CompletableFuture<String> agentThatAnswers(String answer) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(agent.resolve("updates.sock")));
        CompletableFuture<String> request = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (server;
                    SocketChannel channel = server.accept()) {
                String asked = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
                channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                request.complete(asked);
            } catch (IOException e) {
                request.completeExceptionally(e);
            }
        });
        return request;
    }

    @Test
    void a_refusal_is_json_on_standard_output_and_a_sentence_on_standard_error() throws IOException {
        Path jar = Files.writeString(agent.resolve("x.jar"), "x");
        CompletableFuture<String> request = agentThatAnswers(
                "{\"ok\":false,\"code\":\"NOT_SIGNED\",\"message\":\"not signed: a.class\",\"advice\":\"Sign it.\"}");
        assertThat(plugin("install", jar.toString(), "--agent", agent.toString()))
                .isEqualTo(1);
        assertThat(request.join()).contains(jar.toString());
        assertThat(out).startsWith("{").contains("\"NOT_SIGNED\"");
        assertThat(err.strip())
                .isEqualTo("nvremote: the host agent in " + agent
                        + " refused: not signed: a.class (NOT_SIGNED). Sign it.");
    }

    @Test
    void a_plugin_is_removed_by_its_name() throws IOException {
        CompletableFuture<String> request = agentThatAnswers("{\"ok\":true}");
        assertThat(plugin("remove", "com.acme.encoder", "--agent", agent.toString()))
                .isZero();
        assertThat(request.join()).contains("\"remove\"").contains("\"com.acme.encoder\"");
        assertThat(err).isEmpty();
    }

    @Test
    void where_no_agent_runs_the_answer_says_what_to_name() throws IOException {
        assertThat(plugin("list", "--agent", agent.toString())).isEqualTo(2);
        assertThat(err).contains("no host agent runs in " + agent).contains("--agent");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(agent.resolve("updates.sock"))); // its file stays behind
        }
        assertThat(plugin("list", "--agent", agent.toString())).isEqualTo(2);
        assertThat(err).contains("no host agent answers at");
    }

    @Test
    void an_agent_that_ends_without_an_answer_is_said_so() throws IOException {
        CompletableFuture<String> request = agentThatAnswers("");
        assertThat(plugin("list", "--agent", agent.toString())).isEqualTo(2);
        assertThat(err).contains("ended before it answered");
        assertThat(request.join()).contains("list");
    }

    @Test
    void what_is_no_file_never_reaches_the_agent() {
        assertThat(plugin("install", agent.resolve("absent.jar").toString(), "--agent", agent.toString()))
                .isEqualTo(2);
        assertThat(err).contains("no such file: " + agent.resolve("absent.jar"));
        assertThat(plugin("install", agent.toString(), "--agent", agent.toString()))
                .isEqualTo(2);
        assertThat(err).contains("one jar file");
    }

    @Test
    void wrong_usage_is_answered_with_the_usage() {
        assertThat(plugin()).isEqualTo(2);
        assertThat(err).contains("Missing required subcommand").contains("remove");
        assertThat(plugin("install")).isEqualTo(2);
        assertThat(plugin("list", "--nosuch")).isEqualTo(2);
        assertThat(plugin("--help")).isZero();
        assertThat(plugin("install", "--help")).isZero();
        assertThat(out).contains("JAR").contains("--agent");
    }
}
