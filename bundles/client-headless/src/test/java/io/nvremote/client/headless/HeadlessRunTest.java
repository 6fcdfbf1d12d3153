// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.decode.Decoder;
import io.nvremote.input.InputEvent;
import io.nvremote.lib.plugins.PluginUsers;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.HostSurface;
import io.nvremote.testcard.TestcardMark;
import io.nvremote.testcard.TestcardPainter;
import io.nvremote.viewer.ViewerError;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run without a page, against a host that is a stand-in. */
class HeadlessRunTest {

    private static final DecodeLimits LIMITS = new DecodeLimits(Duration.ofSeconds(10), Duration.ofSeconds(10));

    @TempDir
    Path folder;

    private FakeViewer viewer;

    @BeforeEach
    void start() throws Exception {
        viewer = new FakeViewer();
    }

    @AfterEach
    void stop() {
        viewer.close();
    }

    @Test
    void a_true_test_card_with_the_typed_keys_passes_and_is_written_down() throws Exception {
        ObjectNode report = run("testcard", card(0));
        assertThat(report.path("problems")).as(report.toPrettyString()).isEmpty();
        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.at("/frames/verified").asLong()).isPositive();
        assertThat(report.at("/frames/keys_seen").asInt()).isPositive();
        assertThat(report.at("/latency_ms/total/p50").asDouble()).isPositive();
        assertThat(report.at("/latency_ms/encode/p50").asDouble()).isEqualTo(4.0);
        assertThat(report.at("/latency_ms").has("capture"))
                .as("a stage that nobody measured")
                .isFalse();
        assertThat(report.at("/connect_ms/tunnel").asDouble()).isNotNegative();
        assertThat(report.at("/connect_again_ms/connect_to_first_frame").asDouble())
                .isPositive();
        assertThat(report.path("path").asText()).isEqualTo("RELAY");
        assertThat(report.at("/tracks/video/units_received").asLong()).isPositive();
        assertThat(Files.readString(folder.resolve("report.json"))).contains("\"ok\" : true");
        assertThat(viewer.calls)
                .containsExactly(
                        "signed in by code=1&state=s%261&user=ada",
                        "left: the check is over", "left: the check is over", "signed out");
    }

    @Test
    void a_card_that_lags_by_one_picture_is_noticed() {
        ObjectNode report = run("testcard", card(-1));
        assertThat(report.path("ok").asBoolean()).isFalse();
        assertThat(report.path("problems").toString()).contains("were not the test card's");
    }

    @Test
    void a_screen_that_does_not_react_is_noticed() {
        ObjectNode report = run("x11", (surface, sequence) -> squares(surface, 1));
        assertThat(report.path("problems").toString()).contains("did not react");
    }

    @Test
    void a_screen_that_reacts_passes_although_a_clock_ticks_in_a_corner() {
        ObjectNode report = run("x11", (surface, sequence) -> {
            squares(surface, 1 + keys() % 5);
            fill(surface, 600, 320, sequence % 2 == 0 ? (byte) -1 : 0);
        });
        assertThat(report.path("ok").asBoolean()).as(report.toPrettyString()).isTrue();
    }

    @Test
    void a_host_that_never_answers_is_reported_with_its_code() {
        viewer.failure = new StreamException(ViewerError.TUNNEL_SILENT, "no answer through the tunnel in 10 s");
        ObjectNode report = run("any", card(0));
        assertThat(report.path("ok").asBoolean()).isFalse();
        assertThat(report.at("/error/code").asText()).isEqualTo("TUNNEL_SILENT");
    }

    @Test
    void a_decoder_that_goes_is_replaced_while_the_stream_runs_and_only_by_one_of_the_codec() throws Exception {
        RankedServices<Decoder> decoders = new RankedServices<>();
        FakeDecoder first = new FakeDecoder(card(0));
        FakeDecoder second = new FakeDecoder(card(0));
        FakeDecoder foreign = new FakeDecoder(card(0), Codec.AV1, true);
        decoders.add(ServiceCandidate.of(
                foreign, Map.of("decode.codec", "av1", "service.ranking", 9, "service.id", 1L), "decode.codec"));
        decoders.add(ServiceCandidate.of(
                second, Map.of("decode.codec", new String[] {"h264"}, "service.id", 3L), "decode.codec"));
        decoders.add(ServiceCandidate.of(
                first, Map.of("decode.codec", "h264", "service.ranking", 5, "service.id", 2L), "decode.codec"));
        assertThat(new HeadlessView(parts(decoders), new TestcardCheck(), "", Clock.system(), () -> null).decoders())
                .containsExactly(
                        new DecoderCapability(Codec.AV1, FakeDecoder.SIZE, true),
                        new DecoderCapability(Codec.H264, FakeDecoder.SIZE, false));
        Thread leaves = Thread.ofVirtual().start(() -> {
            first.awaitPictures(20);
            decoders.remove(2);
        });
        ObjectNode report = run("testcard", decoders);
        leaves.join();
        assertThat(report.path("problems")).as(report.toPrettyString()).isEmpty();
        assertThat(first.pictures).hasPositiveValue();
        assertThat(first.open).as("the one that left is closed").hasValue(0);
        assertThat(second.pictures).hasPositiveValue();
        assertThat(foreign.pictures).hasValue(0);
    }

    private ObjectNode run(String expect, BiConsumer<HostSurface, Long> painter) {
        return run(expect, decoders(painter));
    }

    private static RankedServices<Decoder> decoders(BiConsumer<HostSurface, Long> painter) {
        RankedServices<Decoder> decoders = new RankedServices<>();
        decoders.add(ServiceCandidate.of(new FakeDecoder(painter), Map.of("decode.codec", "h264"), "decode.codec"));
        return decoders;
    }

    /** A watch of a day, which nobody would see the end of. */
    @Test
    void a_file_ends_the_watch_before_its_time_and_the_report_is_whole() throws IOException {
        Files.createFile(folder.resolve("stop"));
        ObjectNode report = run("any", decoders(card(0)), Duration.ofDays(1));
        assertThat(report.path("problems")).isEmpty();
        assertThat(report.path("frames_per_second").asDouble()).isPositive();
    }

    private ObjectNode run(String expect, RankedServices<Decoder> decoders) {
        return run(expect, decoders, Duration.ofSeconds(4));
    }

    private ObjectNode run(String expect, RankedServices<Decoder> decoders, Duration watch) {
        return new HeadlessRun(
                        viewer,
                        new HeadlessSettings(
                                null,
                                "ada@example.com",
                                "workstation-7",
                                "",
                                watch,
                                folder.resolve("stop"),
                                folder.resolve("report.json"),
                                HeadlessSettings.Picture.valueOf(expect.toUpperCase(Locale.ROOT)),
                                LIMITS),
                        new FormDriver(null, "ada@example.com"),
                        parts(decoders),
                        Clock.system())
                .run();
    }

    private static DecodeParts parts(RankedServices<Decoder> decoders) {
        return new DecodeParts(
                decoders, (service, reason) -> decoders.setAside(service, reason), LIMITS, new PluginUsers<>());
    }

    private BiConsumer<HostSurface, Long> card(int lag) {
        TestcardPainter painter = new TestcardPainter(FakeDecoder.SIZE);
        return (surface, sequence) -> painter.paint(surface, new TestcardMark((int) (sequence + lag), 4, keys(), 0, 0));
    }

    private int keys() {
        return (int) viewer.inputs.stream()
                .filter(e -> e instanceof InputEvent.Key(int usage, boolean down) && down)
                .count();
    }

    private static void squares(HostSurface surface, int count) {
        surface.planes().getFirst().memory().fill((byte) 0);
        for (int i = 0; i < count; i++) {
            fill(surface, 32 + i * 64, 32, (byte) -1);
        }
    }

    private static void fill(HostSurface surface, int x, int y, byte value) {
        HostSurface.Plane plane = surface.planes().getFirst();
        for (int row = y; row < y + 32; row++) {
            for (int at = x * 4; at < (x + 32) * 4; at++) {
                plane.memory().set(ValueLayout.JAVA_BYTE, (long) row * plane.strideBytes() + at, value);
            }
        }
    }
}
