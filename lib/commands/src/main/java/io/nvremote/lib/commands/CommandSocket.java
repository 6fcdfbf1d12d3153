// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.CoreError;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.files.SocketFiles;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command line's way into a runtime: a socket file that only its owner may open. One JSON object a connection, at most
 * {@value #MAX_REQUEST} bytes, until the asker shuts its side down; one JSON object back, with {@code ok}, and where that is
 * false {@code code}, {@code message} and {@code advice}. Each connection is answered by a thread of its own.
 */
public final class CommandSocket implements AutoCloseable {

    static final int MAX_REQUEST = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(CommandSocket.class);

    private final Path file;
    private final ServerSocketChannel server;
    private final Commands commands;
    private final ObjectMapper json = new ObjectMapper();

    /** What the socket's owner may ask for. */
    public interface Commands {

        /**
         * Carries out one request.
         *
         * @param request what was asked; an object, whatever is in it
         * @param asker the system's user that asks, by name: the file's owner or the superuser
         * @param reply to be filled; {@code ok} is set afterwards
         * @throws StreamException why it is refused
         */
        void run(JsonNode request, String asker, ObjectNode reply);
    }

    /** What {@link Commands} throw of a request whose command they don't know. */
    public static StreamException unknown(JsonNode request) {
        return new StreamException(
                CoreError.UNKNOWN_COMMAND,
                "unknown command: " + request.path("command").asText());
    }

    private CommandSocket(Path file, ServerSocketChannel server, Commands commands) {
        this.file = file;
        this.server = server;
        this.commands = commands;
    }

    /**
     * Listens until {@link #close}, in place of whatever an earlier run left there.
     *
     * @throws IOException if the file can't be made
     */
    public static CommandSocket open(Path file, Commands commands) throws IOException {
        Files.deleteIfExists(file);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            SocketFiles.bind(server, file, 0);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        CommandSocket socket = new CommandSocket(file, server, commands);
        Thread.ofVirtual().name("commands " + file.getFileName()).start(socket::serve);
        return socket;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().start(() -> answer(channel));
            } catch (ClosedChannelException e) {
                return; // close() ended the wait
            } catch (IOException e) {
                LOG.atWarn().setCause(e).addKeyValue(Keys.FILE, file).log("the command socket failed");
                return;
            }
        }
    }

    private void answer(SocketChannel channel) {
        try (channel) {
            String asker =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            ByteBuffer request = ByteBuffer.allocate(MAX_REQUEST);
            while (request.hasRemaining() && channel.read(request) >= 0) {
                // reads until the asker shuts its side down
            }
            String text = StandardCharsets.UTF_8.decode(request.flip()).toString();
            ByteBuffer reply = ByteBuffer.wrap(json.writeValueAsBytes(reply(text, asker)));
            while (reply.hasRemaining()) {
                channel.write(reply);
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a command's connection broke");
        }
    }

    private ObjectNode reply(String text, String asker) {
        ObjectNode reply = json.createObjectNode();
        try {
            JsonNode request = json.readTree(text);
            if (!request.isObject()) {
                throw new StreamException(CoreError.INVALID_VALUE, "a request is one JSON object");
            }
            // Whether anybody is there: answered by each socket alike.
            if (!request.path("command").asText().equals("ping")) {
                commands.run(request, asker, reply);
            }
            return reply.put("ok", true);
        } catch (StreamException e) {
            return refusal(e);
        } catch (IOException e) {
            return refusal(new StreamException(CoreError.INVALID_VALUE, "a request is one JSON object", e));
        } catch (RuntimeException
                | Error e) { // also code that is missing: who asks hears of it, and the next one is answered
            LOG.atWarn().setCause(e).log("a command failed");
            return refusal(new StreamException(CoreError.INTERNAL, "the request could not be carried out", e));
        }
    }

    private ObjectNode refusal(StreamException e) {
        return json.createObjectNode()
                .put("ok", false)
                .put("code", e.code().name())
                .put("message", e.getMessage())
                .put("advice", e.code().advice());
    }

    /** Stops listening. What is being answered goes on. Idempotent. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).addKeyValue(Keys.FILE, file).log("the command socket did not close cleanly");
        }
    }
}
