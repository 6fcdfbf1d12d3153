// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.lib.files.SocketFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A running runtime of this machine, asked over its owner-only socket.
 *
 * @param what the runtime, in words: {@code host agent}
 * @param option by which its folder is named
 * @param patience how long it may take to say that it is there
 */
record RuntimeSocket(String what, String option, Path file, Duration patience) {

    private static final List<String> ROLES = List.of("control-plane", "gateway", "host-agent", "client");

    /** Whoever is there says so at once. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Longer than a plugin may take to start, to serve on trial and to stop. */
    private static final Duration WORK = Duration.ofMinutes(15);

    RuntimeSocket(String what, String option, Path file) {
        this(what, option, file, PATIENCE);
    }

    /** The socket by which any runtime is looked after, in the folder that it has for bundles; {@code runtime} may be a role of the demo. */
    static RuntimeSocket of(String runtime) {
        Path folder =
                ROLES.contains(runtime) ? Demo.running(runtime, "--runtime").resolve("bundles") : Path.of(runtime);
        return new RuntimeSocket("runtime", "--runtime", folder.resolve("bundles.sock"));
    }

    /** The answer, for which it may work a while. */
    JsonNode asked(Map<String, String> request) {
        answer(Map.of("command", "ping"), patience); // A runtime that does not know it says so, which will do.
        return answer(request, WORK);
    }

    /** Prints the answer, for which it may work a while, and gives the exit code: 0 done, 1 refused. */
    int ask(Map<String, String> request, CommandSpec spec) {
        return ask(request, spec, answer -> spec.commandLine().getOut().println(answer.toPrettyString()));
    }

    /** The same with an answer that is not printed as it is; a refusal is. */
    int ask(Map<String, String> request, CommandSpec spec, Consumer<JsonNode> print) {
        JsonNode answer = asked(request);
        if (answer.path("ok").asBoolean()) {
            print.accept(answer);
            return 0;
        }
        spec.commandLine().getOut().println(answer.toPrettyString());
        spec.commandLine()
                .getErr()
                .println("nvremote: the " + what + " in " + file.getParent() + " refused: "
                        + answer.path("message").asText() + " ("
                        + answer.path("code").asText() + "). "
                        + answer.path("advice").asText("See its log.txt."));
        return 1;
    }

    private JsonNode answer(Map<String, String> request, Duration limit) {
        ObjectMapper json = new ObjectMapper();
        if (!Files.exists(file)) {
            throw new Trouble("no " + what + " runs in " + file.getParent() + " (or it is another user's): name with "
                    + option + " the folder that holds its " + file.getFileName());
        }
        CompletableFuture<byte[]> exchange = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                exchange.complete(
                        exchanged((json.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                exchange.completeExceptionally(e);
            }
        });
        try {
            byte[] answer = exchange.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (answer.length == 0) {
                throw new Trouble("the " + what + " at " + file + " ended before it answered; see its log.txt");
            }
            return json.readTree(answer);
        } catch (TimeoutException e) {
            throw new Trouble("the " + what + " at " + file + " is there, but did not answer within "
                    + limit.toSeconds() + " s: its process is stopped (kill -CONT continues it) or hangs");
        } catch (ExecutionException | IOException e) {
            throw new Trouble(
                    "no " + what + " answers at " + file + " (is it running, and is it yours?)",
                    e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Trouble("interrupted");
        } finally {
            asking.interrupt();
        }
    }

    private byte[] exchanged(byte[] request) throws IOException {
        try (SocketChannel channel = SocketFiles.connect(file)) {
            channel.write(ByteBuffer.wrap(request));
            channel.shutdownOutput();
            return Channels.newInputStream(channel).readAllBytes();
        }
    }
}
