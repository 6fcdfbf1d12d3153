// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.LacksPeer;
import io.nvremote.tests.bench.Machine;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The Node server beside ours: its sources are in {@code src/main/node}, its libraries come by npm as the lock file has them. */
final class NodePeer {

    private static final List<String> FILES = List.of("package.json", "package-lock.json", "server.mjs", "seed.mjs");

    private NodePeer() {}

    /** The folder where it can be started. */
    static Path install(Run run) throws IOException, InterruptedException {
        Machine.needs("node", "REST beside Fastify", "nodejs");
        Machine.needs("npm", "REST beside Fastify", "npm");
        Path sources = run.root().resolve("tests/bench/src/main/node");
        Path folder = Files.createDirectories(run.root().resolve("tests/bench/target/rest-peer"));
        Path installed = folder.resolve("installed-lock.json");
        for (String file : FILES) {
            Files.copy(sources.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path lock = folder.resolve("package-lock.json");
        if (!Files.exists(installed) || Files.mismatch(installed, lock) >= 0) {
            run.say("npm ci ...");
            try {
                Child.output(
                        List.of(
                                "npm",
                                "ci",
                                "--prefix",
                                folder.toString(),
                                "--ignore-scripts",
                                "--no-audit",
                                "--no-fund"),
                        "");
            } catch (IOException e) {
                throw new LacksPeer("REST beside Fastify", "npm could not fetch its libraries: " + e.getMessage());
            }
            Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
        }
        return folder;
    }

    /** The version of one of its libraries. */
    static String version(Path folder, String library) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("node_modules/" + library + "/package.json")
                        .toFile())
                .path("version")
                .asText();
    }
}
