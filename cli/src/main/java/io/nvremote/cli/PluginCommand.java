// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Talks to the updates bundle of a running host agent over its owner-only socket. */
@Command(name = "plugin", description = "Plugins of a running host agent.")
final class PluginCommand {

    @Option(
            names = "--agent",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "The host agent's folder; default: that of the running demo.")
    @Nullable
    Path agent;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Command(
            description =
                    "Phases a signed plugin in: the new version takes over at a frame boundary, the old one goes.")
    int install(@Parameters(paramLabel = "JAR") Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new Trouble("no such file: " + jar);
        }
        return ask(Map.of("command", "install", "file", jar.toAbsolutePath().toString()));
    }

    @Command(description = "Lists plugins with version, state and publisher.")
    int list() {
        return ask(Map.of("command", "list"));
    }

    private int ask(Map<String, String> request) {
        Path socket = (agent != null ? agent : Demo.runningAgent()).resolve("updates.sock");
        ObjectMapper json = new ObjectMapper();
        PrintWriter out = spec.commandLine().getOut();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((json.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            StringBuilder answer = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer) >= 0) {
                answer.append(StandardCharsets.UTF_8.decode(buffer.flip()));
                buffer.clear();
            }
            JsonNode node = json.readTree(answer.toString());
            out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(node));
            return node.path("ok").asBoolean() ? 0 : 1;
        } catch (IOException e) {
            throw new Trouble("no host agent answers at " + socket + " (is it running, and is it yours?)", e);
        }
    }
}
