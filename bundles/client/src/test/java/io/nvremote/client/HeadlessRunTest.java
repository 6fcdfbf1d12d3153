// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import io.nvremote.input.InputEvent;
import io.nvremote.media.HostSurface;
import io.nvremote.testcard.TestcardMark;
import io.nvremote.testcard.TestcardPainter;
import io.nvremote.tunnel.PathPolicy;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run without a page, against a host that is a stand-in. */
class HeadlessRunTest {

    @TempDir
    Path folder;

    private FakeControlPlane control;
    private FakeMedia media;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        control = new FakeControlPlane();
        media = new FakeMedia(List.of(new byte[] {0, 0, 0, 1, 9, 16}));
        client = new Client(
                new ControlPlane(control.base(), null),
                null,
                media,
                new StreamServices(media, media, Clock.system(), PathPolicy.RELAY));
    }

    @AfterEach
    void stop() {
        client.close();
        control.close();
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
        assertThat(report.at("/connect_ms/tunnel").asDouble()).isNotNegative();
        assertThat(report.at("/connect_again_ms/connect_to_first_frame").asDouble())
                .isPositive();
        assertThat(report.path("path").asText()).isEqualTo("RELAY");
        assertThat(Files.readString(folder.resolve("report.json"))).contains("\"ok\" : true");
        assertThat(media.openTunnels).hasValue(0);
        assertThat(control.calls)
                .contains("DELETE /api/v1/sessions/" + FakeControlPlane.SESSION, "POST /api/v1/auth/logout");
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
        media.tunnelUp = false;
        ObjectNode report = run("any", card(0));
        assertThat(report.path("ok").asBoolean()).isFalse();
        assertThat(report.at("/error/code").asText()).isEqualTo("TUNNEL_SILENT");
        assertThat(media.openTunnels).hasValue(0);
        assertThat(media.keys.getFirst().privateKey()).containsOnly(0);
        assertThat(control.calls).contains("DELETE /api/v1/sessions/" + FakeControlPlane.SESSION);
    }

    private ObjectNode run(String expect, BiConsumer<HostSurface, Long> painter) {
        return new HeadlessRun(
                        client,
                        new ClientSettings.Headless(
                                "ada@example.com",
                                "workstation-7",
                                Duration.ofSeconds(4),
                                folder.resolve("report.json"),
                                expect),
                        new FormDriver(null, "ada@example.com"),
                        new FakeDecoder(painter),
                        Clock.system())
                .run();
    }

    private BiConsumer<HostSurface, Long> card(int lag) {
        TestcardPainter painter = new TestcardPainter(FakeDecoder.SIZE);
        return (surface, sequence) -> painter.paint(surface, new TestcardMark((int) (sequence + lag), 4, keys(), 0, 0));
    }

    private int keys() {
        return (int) media.inputs.stream()
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
