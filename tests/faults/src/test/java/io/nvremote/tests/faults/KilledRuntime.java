// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One runtime of a demo that is killed, and started again as whoever looks after it would: with the same command line. */
final class KilledRuntime implements AutoCloseable {

    private static final String CONFIGURATION = "-Dconfigurator.initial=";

    private final Path folder;
    private final List<String> command = new ArrayList<>();
    private ProcessHandle process;

    KilledRuntime(ProcessHandle process, Path folder) {
        this.process = process;
        this.folder = folder;
        command.add(process.info().command().orElseThrow());
        command.addAll(List.of(process.info().arguments().orElseThrow()));
    }

    /** SIGKILL: nothing can be tidied up. */
    void kill() throws Exception {
        process.destroyForcibly();
        process.onExit().get(30, TimeUnit.SECONDS);
    }

    void startAgain() throws IOException {
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("log.txt").toFile()))
                .start()
                .toHandle();
    }

    /** With one value of the configuration changed. */
    void startAgain(String pid, String key, String value) throws IOException {
        int at = 0;
        while (!command.get(at).startsWith(CONFIGURATION)) {
            at++;
        }
        ObjectMapper json = new ObjectMapper();
        URI before = URI.create(command.get(at).substring(CONFIGURATION.length()));
        ObjectNode all = (ObjectNode) json.readTree(before.toURL());
        all.withObjectProperty(pid).put(key, value);
        Path changed = folder.resolve("changed.json");
        json.writeValue(changed.toFile(), all);
        command.set(at, CONFIGURATION + changed.toUri());
        startAgain();
    }

    /** Ends it in order, if it runs. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 60, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
