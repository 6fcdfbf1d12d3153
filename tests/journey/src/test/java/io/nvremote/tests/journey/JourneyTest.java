// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole demos: five processes of the real runtimes, watched by the headless client. */
class JourneyTest {

    @TempDir
    Path work;

    @Test
    void a_real_x11_screen_is_seen_and_typed_into_and_no_process_is_left() throws Exception {
        Proof.needsCommand("Xvfb", "the demo on a real X11 screen", "xvfb");
        Proof.needsCommand("xterm", "typing into the demo's screen", "xterm");
        List<ProcessHandle> runtimes;
        JsonNode seen;
        try (DemoProcess demo =
                DemoProcess.start(work.resolve("x11"), "--headless", "--seconds", "8", "--capture", "x11")) {
            demo.awaitSession("the tunnel is up", s -> s.path("up").asBoolean());
            runtimes = List.of(
                    demo.runtime("control-plane"),
                    demo.runtime("gateway"),
                    demo.runtime("host-agent"),
                    demo.runtime("client"));
            DemoProcess.Result result = demo.result();
            assertThat(result.exit())
                    .as(result.figures() + "\n" + result.steps())
                    .isZero();
            seen = result.figures();
        }
        assertThat(seen.path("capture").asText()).isEqualTo("x11");
        assertThat(seen.path("frames").path("keys_seen").asInt())
                .as(seen.toString())
                .isPositive();
        assertThat(seen.path("latency_ms").path("total").path("p50").asDouble()).isPositive();
        assertThat(runtimes).allMatch(process -> !process.isAlive());
    }

    @Test
    void the_stream_goes_on_through_the_relay_when_the_control_plane_dies() throws Exception {
        Path folder = work.resolve("relay");
        try (DemoProcess demo = DemoProcess.start(
                folder, "--headless", "--seconds", "40", "--capture", "testcard", "--path", "relay")) {
            demo.awaitStream();
            demo.runtime("control-plane").destroyForcibly();
            long before = sent(demo);
            TimeUnit.SECONDS.sleep(10);
            JsonNode session = demo.session();
            assertThat(session).as(demo.steps()).isNotNull();
            assertThat(session.path("sent").asLong()).as(demo.steps()).isGreaterThan(before + 60);
            assertThat(session.path("path").asText()).isEqualTo("RELAY");
            assertThat(session.path("up").asBoolean()).isTrue();
        } finally {
            stopOrphan(folder);
        }
    }

    private static long sent(DemoProcess demo) {
        JsonNode session = demo.session();
        return session == null ? 0 : session.path("sent").asLong();
    }

    /** A control plane that was killed leaves its database running; its next start would end it, but there is none here. */
    private static void stopOrphan(Path folder) throws IOException {
        Path file = folder.resolve("control-plane/postgres/data/postmaster.pid");
        if (Files.exists(file)) {
            long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }
}
