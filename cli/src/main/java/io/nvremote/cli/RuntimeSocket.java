// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A running runtime of this machine, asked over its owner-only socket.
 *
 * @param what the runtime, in words: {@code host agent}
 * @param option by which its folder is named
 */
record RuntimeSocket(String what, String option, Path file) {

    /** Prints the answer and gives the exit code: 0 done, 1 refused. */
    int ask(Map<String, String> request, CommandSpec spec) {
        JsonNode answer = answer(request);
        spec.commandLine().getOut().println(answer.toPrettyString());
        if (answer.path("ok").asBoolean()) {
            return 0;
        }
        spec.commandLine()
                .getErr()
                .println("nvremote: the " + what + " in " + file.getParent() + " refused: "
                        + answer.path("message").asText() + " ("
                        + answer.path("code").asText() + "). "
                        + answer.path("advice").asText("See its log.txt."));
        return 1;
    }

    private JsonNode answer(Map<String, String> request) {
        ObjectMapper json = new ObjectMapper();
        if (!Files.exists(file)) {
            throw new Trouble("no " + what + " runs in " + file.getParent() + " (or it is another user's): name with "
                    + option + " the folder that holds its " + file.getFileName());
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            channel.write(ByteBuffer.wrap((json.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            if (answer.length == 0) {
                throw new Trouble("the " + what + " at " + file + " ended before it answered; see its log.txt");
            }
            return json.readTree(answer);
        } catch (IOException e) {
            throw new Trouble("no " + what + " answers at " + file + " (is it running, and is it yours?)", e);
        }
    }
}
