// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Signals to a PostgreSQL server and its children, as the kernel takes them. */
final class Signals {

    private Signals() {}

    /** The server that owns a data folder. */
    static ProcessHandle postmaster(Path data) throws Exception {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    /** STOP or CONT for the server and each of its children: it neither answers nor refuses, as a server that hangs. */
    static void all(ProcessHandle server, String signal) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal, Long.toString(server.pid())));
        server.descendants().forEach(child -> command.add(Long.toString(child.pid())));
        // A child that ended in between is no failure.
        new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
