// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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

/** The words of the command line; a real control plane is asked in {@code tests/control-plane}. */
class UserCommandTest {

    @TempDir
    Path folder;

    private String out = "";
    private String err = "";

    private int user(String... arguments) {
        StringWriter to = new StringWriter();
        StringWriter errors = new StringWriter();
        int exit = new CommandLine(new UserCommand())
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

    @Test
    void what_is_asked_and_what_is_answered() throws Exception {
        for (String command : new String[] {"find", "disable", "enable"}) {
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                Path file = folder.resolve("operator.sock");
                server.bind(UnixDomainSocketAddress.of(file));
                CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> {
                    try (SocketChannel channel = server.accept()) {
                        String text =
                                new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
                        channel.write(ByteBuffer.wrap("{\"ok\":true}".getBytes(StandardCharsets.UTF_8)));
                        return text;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                assertThat(user(command, "ada@example.org", "--control-plane", folder.toString()))
                        .isZero();
                assertThat(asked.join()).contains("\"" + command + "\"").contains("\"ada@example.org\"");
                assertThat(out).contains("true");
                Files.delete(file);
            }
        }
    }

    @Test
    void where_no_control_plane_runs_the_answer_says_what_to_name() {
        assertThat(user("disable", "x", "--control-plane", folder.toString())).isEqualTo(2);
        assertThat(err).contains("no control plane runs in " + folder).contains("--control-plane");
        assertThat(user("disable")).isEqualTo(2);
        assertThat(user()).isEqualTo(2);
    }
}
