// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.kit.DemoProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real demo whose screen is captured and encoded in worker processes, made of the runtime's own bundles; both die while it streams. */
class WorkerTest {

    @TempDir
    Path work;

    @Test
    void a_stream_goes_on_when_the_workers_that_capture_and_encode_it_die() throws Exception {
        try (DemoProcess demo = DemoProcess.start(
                work.resolve("demo"), "--headless", "--seconds", "900", "--capture", "x11", "--workers")) {
            demo.awaitStream();
            ProcessHandle host = demo.runtime("host-agent");
            ProcessHandle encoding = awaitWorker(demo, host, "encode-", -1);
            ProcessHandle capturing = awaitWorker(demo, host, "capture-", -1);

            signal("KILL", encoding);
            awaitWorker(demo, host, "encode-", encoding.pid());
            picturesFlow(demo);

            signal("STOP", capturing);
            awaitWorker(demo, host, "capture-", capturing.pid());
            JsonNode session = picturesFlow(demo);
            assertThat(session.at("/tracks/video/encoder").asText()).isEqualTo("io.nvremote.encode.software");

            DemoProcess.Result result = demo.finish();
            JsonNode frames = result.figures().path("frames");
            String all = result.figures() + "\n" + result.steps();
            assertThat(result.exit()).as(all).isZero();
            assertThat(frames.path("dropped_by_receiver").asLong()).as(all).isZero();
            assertThat(frames.path("undecodable").asLong()).as(all).isZero();
            assertThat(frames.path("encoder_swaps").asLong()).as(all).isZero();
            assertThat(encoding.isAlive() || capturing.isAlive())
                    .as("what died is gone")
                    .isFalse();
        }
    }

    /** The worker of the host whose thread for such sessions runs: a spare has none. */
    private static ProcessHandle awaitWorker(DemoProcess demo, ProcessHandle host, String lane, long otherThan)
            throws InterruptedException {
        ProcessHandle[] found = new ProcessHandle[1];
        demo.awaitSession("a worker has a thread " + lane, session -> {
            found[0] = host.children()
                    .filter(child -> child.pid() != otherThan && hasThread(child, lane))
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    private static boolean hasThread(ProcessHandle process, String name) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).startsWith(name)) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // it or one of its threads ended meanwhile
        }
        return false;
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        List<String> command = List.of("kill", "-" + name, Long.toString(process.pid()));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static JsonNode picturesFlow(DemoProcess demo) throws InterruptedException {
        JsonNode now = demo.session();
        long sent = now == null ? 0 : now.at("/tracks/video/sent").asLong();
        return demo.awaitSession(
                "pictures flow on", session -> session.at("/tracks/video/sent").asLong() > sent + 30);
    }
}
