// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.files.SocketFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandSocketTest {

    @TempDir
    Path folder;

    private Path file;
    private CommandSocket socket;

    @BeforeEach
    void open() throws IOException {
        // Deeper than a socket's own name may be long.
        file = Files.createDirectories(folder.resolve("d".repeat(120))).resolve("c.sock");
        socket = CommandSocket.open(file, (request, asker, reply) -> {
            switch (request.path("command").asText()) {
                case "who" -> reply.put("who", asker);
                case "fail" -> throw new IllegalStateException("a secret of ours");
                case "lack" -> throw new NoClassDefFoundError("a secret of ours");
                case "half" -> {
                    reply.put("half", true);
                    throw new StreamException(CoreError.INVALID_ID, "no");
                }
                default -> throw CommandSocket.unknown(request);
            }
        });
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private String ask(String text) throws IOException {
        try (SocketChannel channel = SocketFiles.connect(file)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_command_hears_who_asks_and_only_the_owner_may_open_the_file() throws IOException {
        assertThat(ask("{\"command\":\"who\"}"))
                .isEqualTo("{\"who\":\"" + System.getProperty("user.name") + "\",\"ok\":true}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whoever_listens_says_that_it_is_there_and_what_it_does_not_know() throws IOException {
        assertThat(ask("{\"command\":\"ping\"}")).isEqualTo("{\"ok\":true}");
        assertThat(ask("{\"command\":\"frob\"}")).contains("\"UNKNOWN_COMMAND\"", "unknown command: frob");
        assertThat(ask("{}")).contains("\"UNKNOWN_COMMAND\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "1", "{", "{\"command\":", "\"who\""})
    void what_is_no_object_is_refused(String text) throws IOException {
        assertThat(ask(text)).contains("\"ok\":false").contains("a request is one JSON object");
    }

    @Test
    void a_refusal_names_code_and_advice_and_nothing_that_was_half_done_and_a_failure_of_ours_nothing_of_ours()
            throws IOException {
        assertThat(ask("{\"command\":\"half\"}"))
                .contains("\"code\":\"INVALID_ID\"")
                .contains("advice")
                .doesNotContain("half");
        for (String failing : new String[] {"fail", "lack"}) {
            assertThat(ask("{\"command\":\"" + failing + "\"}"))
                    .contains("INTERNAL")
                    .doesNotContain("secret");
        }
    }

    @Test
    void a_file_that_an_earlier_run_left_is_replaced_and_a_closed_one_is_gone() throws IOException {
        CommandSocket next = CommandSocket.open(file, (request, asker, reply) -> reply.put("next", true));
        assertThat(ask("{}")).contains("next");
        next.close();
        next.close();
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> CommandSocket.open(folder.resolve("x".repeat(120)), (r, a, reply) -> {}))
                .isInstanceOf(IOException.class);
    }
}
