// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.CaptureSource;
import io.nvremote.encode.Encoder;
import io.nvremote.host.Fakes.Letter;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.telemetry.Totals;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What the process tells of all its tracks, as they come and go. */
class HostFiguresTest {

    private static final String CAPTURED = "nvremote_host_captured_pictures[]";
    private static final String ENCODED = "nvremote_host_encoded_pictures[]";
    private static final String BYTES = "nvremote_host_sent_bytes[]";
    private static final String SWAPS = "nvremote_host_encoder_swaps[]";
    private static final String ENCODER_FAILURES = "nvremote_host_encoder_failures[]";

    private final Fakes.Wire wire = new Fakes.Wire();
    private final Fakes.Tunnels tunnels = new Fakes.Tunnels();
    private final RankedServices<CaptureSource> captures = new RankedServices<>();
    private final RankedServices<Encoder> encoders = new RankedServices<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final PluginWatch watch = new PluginWatch("video", () -> null, captures, encoders);
    private final ComposedSession.Parts parts =
            ComposedSession.parts(tunnels, wire, captures, encoders, new RankedServices<>(), Fakes.PLAN, watch);

    private Map<String, Double> figures() {
        return Figures.of(parts.video());
    }

    private double figure(String name) {
        return figures().get(name);
    }

    @Test
    void what_a_closed_track_counted_stays_and_the_next_ones_is_added() throws Exception {
        captures.add(Fakes.offered(new Fakes.Card(), 10, 0, "card", "capture", "1.0.0"));
        encoders.add(Fakes.offered(new Letter('a'), 1, 0, "h264", "enc", "1.0.0"));
        assertThat(figures().values()).containsOnly(0.0);

        ComposedSession first = open();
        await(() -> figure(ENCODED) > 5);
        encoders.add(Fakes.offered(new Letter('b'), 2, 10, "h264", "other", "1.0.0"));
        await(() -> figure(SWAPS) == 1);
        end(first);
        VideoMetrics counted = first.video();
        assertThat(figures())
                .containsEntry(CAPTURED, counted.captured.doubleValue())
                .containsEntry(ENCODED, counted.encoded.doubleValue())
                .containsEntry(BYTES, counted.bytes.doubleValue())
                .containsEntry(SWAPS, 1.0)
                .containsEntry("nvremote_host_plugin_failures[video]", 0.0);

        ComposedSession second = open();
        await(() -> second.video().encoded.get() > 5);
        assertThat(figure(ENCODED)).isGreaterThanOrEqualTo(counted.encoded.doubleValue() + 5);
        end(second);
        assertThat(figure(CAPTURED))
                .isEqualTo(
                        counted.captured.doubleValue() + second.video().captured.doubleValue());
        assertThat(figure(BYTES))
                .isEqualTo(counted.bytes.doubleValue() + second.video().bytes.doubleValue());
    }

    @Test
    void an_encoder_that_is_set_aside_is_counted() throws Exception {
        captures.add(Fakes.offered(new Fakes.Card(), 10, 0, "card", "capture", "1.0.0"));
        encoders.add(Fakes.offered(new Letter('a'), 1, 0, "h264", "enc", "1.0.0"));
        encoders.add(Fakes.offered(new Mischief.BadEncoder("makes nothing"), 2, 10, "h264", "bad", "1.0.0"));
        ComposedSession session = open();
        await(() -> figure("nvremote_host_plugin_failures[video]") == 1);
        await(() -> figure(ENCODER_FAILURES) == 1);
        end(session);
        assertThat(figure(ENCODER_FAILURES)).isEqualTo(1);
    }

    @Test
    void an_end_that_is_told_twice_is_added_once() {
        Totals<VideoMetrics> totals = new Totals<>(HostFigures.VIDEO);
        List<VideoMetrics> tracks = List.of(new VideoMetrics(), new VideoMetrics());
        tracks.forEach(totals::opened);
        tracks.forEach(track -> track.captured.set(3));
        totals.closed(tracks.getFirst());
        totals.closed(tracks.getFirst());
        tracks.getLast().captured.set(5);
        assertThat(Figures.of(totals)).containsEntry(CAPTURED, 8.0);
    }

    private ComposedSession open() {
        ComposedSession session =
                ComposedSession.open(ComposedSession.spec(tunnels), parts, ComposedSession.telling(ended::add));
        tunnels.listener.up();
        return session;
    }

    private void end(ComposedSession session) throws InterruptedException {
        session.end("test over");
        assertThat(ended.poll(20, TimeUnit.SECONDS)).isEqualTo("test over");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        boolean seen = condition.getAsBoolean();
        for (int i = 0; i < 4_000 && !seen; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
            seen = condition.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }
}
