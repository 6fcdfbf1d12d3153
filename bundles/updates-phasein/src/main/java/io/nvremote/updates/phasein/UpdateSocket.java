// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.Plugins;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command line's way in: a socket file that only its owner may open. One JSON object a connection, one JSON object
 * back: {@code {"command":"install","file":"…"}}, {@code {"command":"remove","name":"…"}} or {@code
 * {"command":"list"}}.
 */
final class UpdateSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UpdateSocket.class);
    private static final int MAX_REQUEST = 8192;

    private final Path file;
    private final ServerSocketChannel server;
    private final Plugins plugins;
    private final ObjectMapper json = new ObjectMapper();

    private UpdateSocket(Path file, ServerSocketChannel server, Plugins plugins) {
        this.file = file;
        this.server = server;
        this.plugins = plugins;
    }

    static UpdateSocket open(Path file, Plugins plugins) {
        try {
            Files.deleteIfExists(file);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            UpdateSocket socket = new UpdateSocket(file, server, plugins);
            Thread.ofVirtual().name("updates-socket").start(socket::serve);
            return socket;
        } catch (IOException e) {
            throw new StreamException(UpdateError.FILE_UNREADABLE, "the control socket can't be made: " + file, e);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().start(() -> answer(channel));
            } catch (ClosedChannelException e) {
                return; // close() ended the wait
            } catch (IOException e) {
                LOG.atWarn().setCause(e).log("control socket failed");
                return;
            }
        }
    }

    private void answer(SocketChannel channel) {
        try (channel) {
            ByteBuffer request = ByteBuffer.allocate(MAX_REQUEST);
            while (request.hasRemaining() && channel.read(request) >= 0) {
                // reads until the client shuts its side down
            }
            ObjectNode reply =
                    reply(StandardCharsets.UTF_8.decode(request.flip()).toString());
            channel.write(ByteBuffer.wrap(json.writeValueAsBytes(reply)));
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("control connection broke");
        }
    }

    private ObjectNode reply(String text) {
        ObjectNode reply = json.createObjectNode();
        try {
            JsonNode request = json.readTree(text);
            switch (request.path("command").asText()) {
                case "install" ->
                    reply.set(
                            "plugin",
                            describe(
                                    plugins.install(Path.of(request.path("file").asText()))));
                case "remove" -> plugins.remove(request.path("name").asText());
                case "list" -> {
                    var list = reply.putArray("plugins");
                    plugins.list().forEach(report -> list.add(describe(report)));
                }
                default -> throw new StreamException(UpdateError.NOT_A_PLUGIN, "unknown command");
            }
            return reply.put("ok", true);
        } catch (StreamException e) {
            return reply.put("ok", false)
                    .put("code", e.code().name())
                    .put("message", e.getMessage())
                    .put("advice", e.code().advice());
        } catch (IOException | RuntimeException e) {
            LOG.atWarn().setCause(e).log("control request failed");
            return reply.put("ok", false)
                    .put("code", "INTERNAL")
                    .put("message", "the request could not be carried out");
        }
    }

    private ObjectNode describe(PluginReport report) {
        return json.createObjectNode()
                .put("name", report.name())
                .put("version", report.version())
                .put("state", report.state().name())
                .put("publisher", report.publisher())
                .put("replaced", report.replaced())
                .put("detail", report.detail());
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("control socket did not close cleanly");
        }
    }
}
