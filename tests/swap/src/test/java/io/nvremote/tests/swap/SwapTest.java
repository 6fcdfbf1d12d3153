// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.PluginJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * While a real demo streams: a newer version of the platform's own encoder, another company's encoder, and four plugins
 * that must not stay: one throws at once, one in mid-stream, one hangs, one is signed by a stranger or nobody. The receiver reads every test card it was sent.
 */
class SwapTest {

    @TempDir
    Path work;

    @Test
    void plugins_come_go_and_fail_under_a_running_stream_and_no_frame_is_lost() throws Exception {
        Publisher publisher = Publisher.of(work, "publisher");
        Publisher platform = Publisher.of(work, "platform");
        Publisher stranger = Publisher.of(work, "stranger");
        Path demoFolder = work.resolve("demo");
        publisher.trustIn(demoFolder.resolve("host-agent/publishers"));
        platform.trustIn(demoFolder.resolve("host-agent/publishers/platform"));
        Path own = Checkout.built("bundles/encode-software");
        Path newer = JarFiles.withHeaders(
                own, work, Map.of("Bundle-Version", "0.2.0", "Nvremote-Tck", "io.nvremote.encode;version=0.1"));
        try (DemoProcess demo =
                DemoProcess.start(demoFolder, "--headless", "--seconds", "900", "--capture", "testcard")) {
            demo.awaitStream();

            refused(demo.plugin("install", newer.toString()), "NOT_SIGNED");
            refused(demo.plugin("install", stranger.sign(newer).toString()), "UNKNOWN_PUBLISHER");

            refused(demo.plugin("install", publisher.sign(newer).toString()), "NAME_TAKEN");

            installed(demo.plugin("install", platform.sign(newer).toString()), "0.2.0");
            JsonNode session = demo.awaitSession(
                    "the newer version encodes",
                    s -> s.at("/tracks/video/encoder_version").asText().startsWith("0.2.0"));
            assertThat(session.at("/tracks/video/encoder").asText()).isEqualTo("io.nvremote.encode.software");
            assertThat(loadersOf(demo, "io.nvremote.encode.software.SoftwareEncoder"))
                    .as("class loaders of the platform's encoder once the old version is gone")
                    .isEqualTo(1);

            Path acme = publisher.sign(Checkout.built("examples/encoder-plugin"));
            installed(demo.plugin("install", acme.toString()), "1.0.0");
            demo.awaitSession(
                    "the other company's encoder encodes",
                    s -> s.at("/tracks/video/encoder").asText().equals("com.acme.encoder"));

            Path throwing = publisher.sign(
                    PluginJar.encoder(work, "bad.throwing", 100, ThrowingEncoder.class, ThrowingEncoder.Session.class));
            refused(demo.plugin("install", throwing.toString()), "WITHDRAWN");
            refused(demo.plugin("install", throwing.toString()), "QUARANTINED");
            Path failing = publisher.sign(JarFiles.withClasses(
                    PluginJar.encoder(
                            work, "bad.later", 100, FailingLaterEncoder.class, FailingLaterEncoder.Session.class),
                    Checkout.built("examples/encoder-plugin")));
            refused(demo.plugin("install", failing.toString()), "WITHDRAWN");
            Path hanging = publisher.sign(
                    PluginJar.encoder(work, "bad.hanging", 100, HangingEncoder.class, HangingEncoder.Session.class));
            refused(demo.plugin("install", hanging.toString()), "WITHDRAWN");
            session = demo.awaitSession(
                    "the good encoder encodes again",
                    s -> s.at("/tracks/video/encoder").asText().equals("com.acme.encoder"));
            assertThat(session.at("/tracks/video/last_encoder_failures").findValuesAsText("encoder"))
                    .as(session + "\n" + demo.steps())
                    .containsExactly("bad.throwing", "bad.later", "bad.hanging");

            DemoProcess.Result result = demo.finish();
            assertThat(result.exit())
                    .as(result.figures() + "\n" + result.steps())
                    .isZero();
            everyFrameArrived(result.figures());
        }
    }

    private static void installed(JsonNode answer, String version) {
        assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
        assertThat(answer.path("plugin").path("version").asText()).isEqualTo(version);
    }

    private static void refused(JsonNode answer, String code) {
        assertThat(answer.path("ok").asBoolean(true)).as(answer.toString()).isFalse();
        assertThat(answer.path("code").asText()).as(answer.toString()).isEqualTo(code);
    }

    private static void everyFrameArrived(JsonNode figures) {
        JsonNode frames = figures.path("frames");
        assertThat(frames.path("received").asLong()).as(figures.toString()).isGreaterThan(600);
        assertThat(frames.path("dropped_by_receiver").asLong())
                .as(figures.toString())
                .isZero();
        assertThat(frames.path("undecodable").asLong()).as(figures.toString()).isZero();
        assertThat(frames.path("encoder_swaps").asLong()).as(figures.toString()).isGreaterThanOrEqualTo(2);
    }

    /** Asks the running host agent's JVM (jcmd, after a full collection) how many loaders still define the class. */
    private static long loadersOf(DemoProcess demo, String type) throws IOException, InterruptedException {
        String pid = Long.toString(demo.runtime("host-agent").pid());
        long loaders = Long.MAX_VALUE;
        for (int i = 0; i < 10 && loaders > 1; i++) {
            jcmd(pid, "GC.run");
            loaders = jcmd(pid, "GC.class_histogram")
                    .lines()
                    .filter(l -> l.matches(".*\\s" + type.replace(".", "\\.") + "(\\s.*)?$"))
                    .count();
            if (loaders > 1) {
                Thread.sleep(500);
            }
        }
        return loaders;
    }

    private static String jcmd(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
