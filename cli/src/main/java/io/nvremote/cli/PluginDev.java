// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * The loop of somebody who writes a plugin: after each save it is built, signed and installed for development. What fails is told and
 * waits for the next save.
 *
 * <p><b>Threads.</b> One, until it is interrupted.
 */
final class PluginDev {

    private static final Duration LOOK = Duration.ofMillis(200);

    private final Path project;
    private final PluginBuild build;
    private final DevelopmentKey key;
    private final RuntimeSocket agent;
    private final PrintWriter out;

    PluginDev(Path project, PluginBuild build, DevelopmentKey key, RuntimeSocket agent, PrintWriter out) {
        this.project = project;
        this.build = build;
        this.key = key;
        this.agent = agent;
        this.out = out;
    }

    /** Until this thread is interrupted. */
    void run() throws IOException, InterruptedException {
        SourceState built = new SourceState(Map.of());
        while (true) {
            SourceState now = settled();
            if (!now.equals(built)) {
                built = now; // As it was before the build: what is saved meanwhile gives one more.
                once();
                say("waiting for the next save; Ctrl-C ends this");
            }
            Thread.sleep(LOOK);
        }
    }

    /** Editors save several files, and some of them in steps: as soon as nothing changes any more. */
    private SourceState settled() throws IOException, InterruptedException {
        SourceState before = SourceState.of(project);
        while (true) {
            Thread.sleep(LOOK);
            SourceState now = SourceState.of(project);
            if (now.equals(before)) {
                return now;
            }
            before = now;
        }
    }

    private void once() {
        long begin = System.nanoTime();
        try {
            Path jar = build.jar();
            Path signed = project.resolve("target").resolve("dev").resolve(jar.getFileName());
            key.sign(jar, signed);
            say(String.format(Locale.ROOT, "built and signed in %.1f s", (System.nanoTime() - begin) / 1e9));
            tell(agent.asked(
                    Map.of("command", "install", "file", signed.toAbsolutePath().toString(), "development", "true")));
        } catch (Trouble | IOException e) {
            say(String.valueOf(e.getMessage()));
        }
    }

    private void tell(JsonNode answer) {
        if (answer.path("ok").asBoolean()) {
            JsonNode plugin = answer.path("plugin");
            say(plugin.path("name").asText() + " " + plugin.path("version").asText() + " runs");
            return;
        }
        say("refused: " + answer.path("message").asText() + " ("
                + answer.path("code").asText() + "). " + answer.path("advice").asText());
        if (answer.path("code").asText().equals("UNKNOWN_PUBLISHER")) {
            say("its certificate is " + key.certificate());
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
