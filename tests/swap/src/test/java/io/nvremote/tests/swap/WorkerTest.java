// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
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

    /** Fake driver: the GPU's next worker makes no HEVC any more, as after another driver came, and nothing else here does. */
    @Test
    void a_stream_goes_on_in_another_codec_where_its_own_is_no_longer_made() throws Exception {
        Proof.needsCommand("cc", "the fake NVIDIA driver", "gcc");
        Proof.needs(
                Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libx265.so.199")),
                "HEVC of the fake NVIDIA driver",
                "libx265-199");
        String[] options = {"--headless", "--seconds", "900", "--capture", "testcard", "--fake-gpu", "--codec", "hevc"};
        try (DemoProcess demo = DemoProcess.start(work.resolve("demo"), options)) {
            JsonNode first = demo.awaitSession(
                    "HEVC flows",
                    session -> session.at("/tracks/video/sent").asLong() > 30
                            && session.at("/tracks/video/codec").asText().equals("hevc"));
            Files.writeString(demo.folder().resolve("fake-gpu/behaviour"), "codecs=1\n");
            signal("KILL", awaitWorker(demo, demo.runtime("host-agent"), "encode-", -1));
            demo.awaitSession(
                    "H.264 is sent",
                    session -> session.at("/tracks/video/codec").asText().equals("h264"));
            JsonNode then = picturesFlow(demo);
            assertThat(then.path("session_id")).as("the same session").isEqualTo(first.path("session_id"));

            DemoProcess.Result result = demo.finish();
            JsonNode frames = result.figures().path("frames");
            String all = result.figures() + "\n" + result.steps();
            assertThat(result.exit()).as(all).isZero();
            assertThat(result.figures().path("codec").asText()).as(all).isEqualTo("h264");
            assertThat(frames.path("undecodable").asLong(-1)).as(all).isZero();
        }
    }

    /** Fake driver: each worker's device is gone after two seconds. Three of them are tried, then the CPU encodes. */
    @Test
    @Tag("long")
    void a_stream_goes_on_by_software_where_the_gpu_is_lost_again_and_again() throws Exception {
        Proof.needsCommand("cc", "the fake NVIDIA driver", "gcc");
        Path folder = work.resolve("demo");
        Files.createDirectories(folder.resolve("fake-gpu"));
        Files.writeString(folder.resolve("fake-gpu/behaviour"), "lost_after=120\nlost_status=20\n");
        String[] options = {"--headless", "--seconds", "900", "--capture", "testcard", "--fake-gpu"};
        try (DemoProcess demo = DemoProcess.start(folder, options)) {
            demo.awaitSession(
                    "the GPU encodes",
                    session -> session.at("/tracks/video/encoder").asText().equals("io.nvremote.encode.nvenc"));
            demo.awaitSession(
                    "the CPU encodes",
                    session -> session.at("/tracks/video/encoder").asText().equals("io.nvremote.encode.software"));
            picturesFlow(demo);
            DemoProcess.Result result = demo.finish();
            JsonNode frames = result.figures().path("frames");
            String all = result.figures() + "\n" + result.steps();
            assertThat(result.exit()).as(all).isZero();
            assertThat(frames.path("undecodable").asLong(-1)).as(all).isZero();
            assertThat(frames.path("encoder_swaps").asLong()).as(all).isEqualTo(1);
            try (Stream<String> log = Files.lines(folder.resolve("host-agent/log.txt"))) {
                assertThat(log.filter(line -> line.contains("a worker was lost") && line.contains("lost its device")))
                        .hasSize(3);
            }
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
