// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.DemoProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane of a real demo takes bundles to its host while it streams; what more hosts come to is shown in {@code rollouts} itself. */
class RolloutTest {

    @TempDir
    Path work;

    @Test
    void the_host_takes_what_its_operator_trusts_and_the_roll_out_of_anything_else_stops() throws Exception {
        Publisher operator = Publisher.of(work, "operator");
        Publisher stranger = Publisher.of(work, "stranger");
        Path demoFolder = work.resolve("demo");
        operator.trustIn(demoFolder.resolve("host-agent/bundles/publishers"));
        Path newer = JarFiles.withHeaders(
                Checkout.built("bundles/encode-software"), work, Map.of("Bundle-Version", "9.0.0"));
        try (DemoProcess demo =
                DemoProcess.start(demoFolder, "--headless", "--seconds", "600", "--capture", "testcard")) {
            JsonNode session = demo.awaitStream();
            String org = new ObjectMapper()
                    .readTree(demoFolder.resolve("host-agent/config.json").toFile())
                    .path("io.nvremote.host.identity")
                    .path("org.id")
                    .asText();

            JsonNode refused =
                    over(demo, demo.rollout("start", stranger.sign(newer).toString(), "--org", org));
            assertThat(refused.path("state").asText()).isEqualTo("STOPPED");
            assertThat(refused.path("reason").asText()).contains("UNKNOWN_PUBLISHER");
            assertThat(running(demo, "io.nvremote.encode.software")).startsWith("0.1.0");

            JsonNode done =
                    over(demo, demo.rollout("start", operator.sign(newer).toString(), "--org", org));
            assertThat(done.at("/hosts/0/step").asText()).as(done.toString()).isEqualTo("DONE");
            assertThat(running(demo, "io.nvremote.encode.software")).isEqualTo("9.0.0");

            // The very bundle that takes roll-outs and tells of them, while it holds the session.
            Path role = JarFiles.withHeaders(Checkout.built("bundles/host"), work, Map.of("Bundle-Version", "9.0.0"));
            JsonNode replaced =
                    over(demo, demo.rollout("start", operator.sign(role).toString(), "--org", org));
            assertThat(replaced.at("/hosts/0/step").asText())
                    .as(replaced.toString())
                    .isEqualTo("DONE");
            assertThat(running(demo, "io.nvremote.host")).isEqualTo("9.0.0");
            demo.awaitSession(
                    "the same session streams on",
                    now -> now.path("session_id")
                                    .asText()
                                    .equals(session.path("session_id").asText("none"))
                            && now.at("/tracks/video/sent").asLong()
                                    > session.at("/tracks/video/sent").asLong() + 60);
            assertThat(demo.finish().exit()).isZero();
        }
    }

    private static String running(DemoProcess demo, String name) throws Exception {
        for (JsonNode bundle : demo.bundle("host-agent", "list").path("bundles")) {
            if (bundle.path("name").asText().equals(name)) {
                return bundle.path("version").asText();
            }
        }
        return "";
    }

    /** The roll-out that was started, when the host has decided. */
    private static JsonNode over(DemoProcess demo, JsonNode started) throws Exception {
        assertThat(started.path("ok").asBoolean()).as(started.toString()).isTrue();
        JsonNode last = started.path("rollout");
        for (int i = 0; i < 300; i++) {
            for (JsonNode one : demo.rollout("list").path("rollouts")) {
                if (one.path("id").equals(started.at("/rollout/id"))) {
                    last = one;
                }
            }
            if (!last.path("state").asText().equals("RUNNING")
                    || last.at("/hosts/0/step").asText().equals("DONE")) {
                return last;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new AssertionError("it is not over: " + last + demo.steps());
    }
}
