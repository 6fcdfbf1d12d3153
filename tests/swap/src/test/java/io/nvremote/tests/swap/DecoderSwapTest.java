// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.DemoProcess;
import io.nvremote.tests.kit.PluginJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While a real demo streams: another company's decoder comes to the client and goes, and some come that must not stay. */
class DecoderSwapTest {

    private static final String ACME = "com.acme.decoder";

    @TempDir
    Path work;

    @Test
    void a_decoder_takes_over_under_a_running_stream_and_goes_and_no_picture_is_lost() throws Exception {
        Publisher publisher = Publisher.of(work, "publisher");
        Path demoFolder = work.resolve("demo");
        publisher.trustIn(demoFolder.resolve("client/publishers"));
        Path acme = Checkout.built("examples/decoder-plugin");
        Path strange = Publisher.of(work, "stranger").sign(acme);
        try (DemoProcess demo =
                DemoProcess.start(demoFolder, "--headless", "--seconds", "900", "--capture", "testcard")) {
            demo.awaitStream();
            refused(demo.clientPlugin("install", strange.toString()), "UNKNOWN_PUBLISHER");

            done(demo.clientPlugin("install", publisher.sign(acme).toString()));
            awaitDecoded(demo, 60);

            Path throwing = publisher.sign(
                    PluginJar.decoder(work, "bad.throwing", 100, ThrowingDecoder.class, ThrowingDecoder.Session.class));
            refused(demo.clientPlugin("install", throwing.toString()), "WITHDRAWN");
            refused(demo.clientPlugin("install", throwing.toString()), "QUARANTINED");
            Path small = publisher.sign(PluginJar.decoder(
                    work, "bad.small", 100, SmallPicturesDecoder.class, SmallPicturesDecoder.Session.class));
            JsonNode answer = demo.clientPlugin("install", small.toString());
            refused(answer, "WITHDRAWN");
            assertThat(answer.path("message").asText()).contains("made a picture of 320x180 of one of ");
            awaitDecoded(demo, decoded(demo) + 60);

            done(demo.clientPlugin("remove", ACME));
            awaitPictures(demo);
            String said = decoderLines(demo);
            JsonNode frames = figures(demo).path("frames");
            assertThat(frames.path("decoder_swaps").asLong()).as(frames + said).isEqualTo(2);
            assertThat(frames.path("decoder_failures").asLong())
                    .as(frames + said)
                    .isEqualTo(2);
            for (String lost : new String[] {"undecodable", "dropped_by_receiver", "dropped_by_viewer"}) {
                assertThat(frames.path(lost).asLong(-1))
                        .as(lost + " of " + frames + said)
                        .isZero();
            }
        }
    }

    @Test
    void a_decoder_that_hangs_is_withdrawn_and_the_picture_goes_on() throws Exception {
        Publisher publisher = Publisher.of(work, "publisher");
        Path demoFolder = work.resolve("demo");
        publisher.trustIn(demoFolder.resolve("client/publishers"));
        try (DemoProcess demo =
                DemoProcess.start(demoFolder, "--headless", "--seconds", "900", "--capture", "testcard")) {
            demo.awaitStream();
            Path hanging = publisher.sign(
                    PluginJar.decoder(work, "bad.hanging", 100, HangingDecoder.class, HangingDecoder.Session.class));
            JsonNode answer = demo.clientPlugin("install", hanging.toString());
            refused(answer, "WITHDRAWN");
            assertThat(answer.path("message").asText()).contains("did not return within");
            awaitPictures(demo);
            JsonNode frames = figures(demo).path("frames");
            assertThat(frames.path("undecodable").asLong(-1))
                    .as(frames.toString())
                    .isZero();
            assertThat(frames.path("verified").asLong()).as(frames.toString()).isGreaterThan(60);
        }
    }

    /** What the client told of decoders. */
    private static String decoderLines(DemoProcess demo) throws Exception {
        try (Stream<String> lines = Files.lines(demo.folder().resolve("client/log.txt"))) {
            return lines.filter(line -> line.contains("plugin=")).collect(Collectors.joining("\n", "\n", ""));
        }
    }

    private static void awaitPictures(DemoProcess demo) throws Exception {
        long before = sent(demo.awaitStream());
        demo.awaitSession("more pictures", session -> sent(session) >= before + 60);
    }

    private static long sent(JsonNode session) {
        return session.at("/tracks/video/sent").asLong();
    }

    /** Of a run that was without fault, and ended with the platform's own decoder. */
    private static JsonNode figures(DemoProcess demo) throws Exception {
        DemoProcess.Result result = demo.finish();
        assertThat(result.exit()).as(result.figures() + "\n" + result.steps()).isZero();
        assertThat(result.figures().path("decoder").asText()).startsWith("io.nvremote.decode.software ");
        return result.figures();
    }

    private static long decoded(DemoProcess demo) throws Exception {
        return demo.clientPlugin("show", ACME).at("/measured/calls").asLong();
    }

    private static void awaitDecoded(DemoProcess demo, long count) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (decoded(demo) < count) {
            assertThat(System.nanoTime())
                    .as("the other company's decoder does not decode: " + demo.clientPlugin("list") + demo.steps())
                    .isLessThan(end);
        }
    }

    private static void done(JsonNode answer) {
        assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
    }

    private static void refused(JsonNode answer, String code) {
        assertThat(answer.path("ok").asBoolean(true)).as(answer.toString()).isFalse();
        assertThat(answer.path("code").asText()).as(answer.toString()).isEqualTo(code);
    }
}
