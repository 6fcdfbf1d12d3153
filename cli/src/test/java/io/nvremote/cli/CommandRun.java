// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

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
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** One run of a command, as {@code Main} runs it, and what it printed. */
record CommandRun(int exit, String out, String err) {

    static CommandRun of(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.line(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new CommandRun(exit, out.toString(), err.toString());
    }

    /** Says that it is there, and answers one request at the socket file with that text; the future is the request. */
    static CompletableFuture<String> runtimeThatAnswers(Path file, String answer) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(file));
        CompletableFuture<String> request = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (server) {
                String asked = "ping";
                while (asked.contains("ping")) {
                    try (SocketChannel channel = server.accept()) {
                        asked = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
                        String said = asked.contains("ping") ? "{\"ok\":true}" : answer;
                        channel.write(ByteBuffer.wrap(said.getBytes(StandardCharsets.UTF_8)));
                    }
                }
                request.complete(asked);
            } catch (IOException e) {
                request.completeExceptionally(e);
            }
        });
        return request;
    }
}
