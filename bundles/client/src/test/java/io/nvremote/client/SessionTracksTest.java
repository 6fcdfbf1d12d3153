// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.InputSender;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.VideoFeed;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerSession;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tracks come and go as services, before a session and in the middle of it; a made-up audio track stands for the next kind. */
class SessionTracksTest {

    private static final int AUDIO_PORT = 5008;

    private final FakeMedia media = new FakeMedia(List.of(new byte[] {0, 0, 0, 1, 9, 16}));
    private final List<String> story = new CopyOnWriteArrayList<>();
    private final RankedServices<ViewerTrackFactory> tracks = media.tracks();
    private final Map<ViewerTrackFactory, Long> ids = new HashMap<>();
    private FakeControlPlane control;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        control = new FakeControlPlane();
        client = media.signedIn(control, tracks);
    }

    @AfterEach
    void stop() {
        client.close();
        control.close();
    }

    @Test
    void a_track_of_another_kind_is_a_service_and_nothing_else() {
        bind(new Audio("a"), 0);
        ViewerSession session = stream();
        datagram();
        datagram();
        assertThat(session.part(Volume.class)).isPresent();
        assertThat(session.counters().get("audio")).containsEntry("datagrams_received", 2L);
        assertThat(session.counters())
                .containsOnlyKeys("audio", "control", "cursor", "input", "statistics", "video")
                .allSatisfy((name, counters) -> assertThat(counters).as(name).isNotEmpty());
        await(() -> counter(session, "control", "messages_sent") > 2);
        assertThat(counter(session, "video", "units_received")).isPositive();
        client.disconnect("enough");
        await(() -> session.phase().over());
        assertThat(story).containsExactly("a opened", "a started", "a closed");
        assertThat(media.bound).as("ports of the tunnel that are still open").isEmpty();
    }

    @Test
    void what_the_host_tells_while_the_tracks_begin_reaches_them_all() {
        ViewerSession session = stream(); // the pointer is told once, in answer to the first message of the first track
        assertThat(session.counters().get("cursor")).containsEntry("shapes", 1L).containsEntry("moves", 1L);
    }

    @Test
    void a_track_that_comes_late_joins_the_session_and_one_that_goes_leaves_it() {
        ViewerSession session = stream();
        Audio audio = new Audio("a");
        bind(audio, 0);
        await(() -> story.contains("a started"));
        datagram();
        assertThat(counter(session, "audio", "datagrams_received")).isOne();
        client.unbindTrack(audio, offered("audio", audio, 0));
        await(() -> story.contains("a closed"));
        await(() -> !session.counters().containsKey("audio"));
        assertThat(session.phase()).isEqualTo(ViewerSession.Phase.STREAMING);
        assertThat(media.bound).doesNotContainKey(AUDIO_PORT);
    }

    @Test
    void a_better_track_is_opened_beside_the_old_one_and_takes_over_with_its_start() {
        bind(new Audio("old"), 0);
        ViewerSession session = stream();
        datagram();
        bind(new Audio("new"), 7);
        await(() -> story.contains("old closed"));
        datagram();
        datagram();
        datagram();
        assertThat(story).containsExactly("old opened", "old started", "new opened", "new started", "old closed");
        assertThat(counter(session, "audio", "datagrams_received")).isEqualTo(3);
        assertThat(session.phase()).isEqualTo(ViewerSession.Phase.STREAMING);
    }

    @Test
    void a_track_that_changes_its_ranking_gives_way_or_takes_over_in_the_running_session() {
        Audio first = new Audio("first");
        Audio second = new Audio("second");
        bind(first, 5);
        bind(second, 0);
        ViewerSession session = stream();
        bind(second, 9);
        await(() -> story.contains("first closed"));
        bind(second, 1);
        await(() -> story.contains("second closed"));
        datagram();
        assertThat(story)
                .containsExactly(
                        "first opened",
                        "first started",
                        "second opened",
                        "second started",
                        "first closed",
                        "first opened",
                        "first started",
                        "second closed");
        assertThat(counter(session, "audio", "datagrams_received")).isOne();
    }

    @Test
    void whatever_a_track_throws_costs_that_track_and_the_next_best_takes_its_place() {
        Audio bad = new Audio("bad");
        bind(bad, 5);
        bind(new Audio("good"), 0);
        ViewerSession session = stream();
        bad.fault = new IllegalStateException("made up");
        await(() -> story.contains("good started") && story.contains("bad closed"));
        datagram();
        assertThat(counter(session, "audio", "datagrams_received")).isOne();
        bind(new Audio("worse"), -1);
        bind(new Audio("unopened", new NoClassDefFoundError("made up")), 9);
        await(() -> story.contains("unopened refused"));
        datagram();
        assertThat(counter(session, "audio", "datagrams_received")).isEqualTo(2);
        assertThat(session.phase()).isEqualTo(ViewerSession.Phase.STREAMING);
        assertThat(story).doesNotContain("worse opened", "good closed");
    }

    @Test
    void pictures_are_taken_over_by_a_better_video_track_while_the_session_runs() {
        ViewerSession session = stream();
        VideoFeed before = session.part(VideoFeed.class).orElseThrow();
        bind("video", new VideoTrackFactory(media, Clock.system()), 3);
        await(() -> session.part(VideoFeed.class).filter(now -> now != before).isPresent());
        await(() -> counter(session, "video", "units_received") > 3);
        assertThat(session.phase()).isEqualTo(ViewerSession.Phase.STREAMING);
    }

    @Test
    void a_better_control_track_waits_for_the_next_session_since_the_host_counts_its_messages() {
        ViewerSession session = stream();
        ControlTrackFactory better = new ControlTrackFactory(media, Clock.system()) {
            @Override
            public ViewerTrack open(TrackContext context) {
                story.add("control opened");
                return super.open(context);
            }
        };
        bind("control", better, 3);
        bind(new Audio("a"), 0); // brought in by the same look
        await(() -> story.contains("a started"));
        assertThat(story).doesNotContain("control opened");
        client.disconnect("enough");
        await(() -> session.phase().over());
        stream();
        assertThat(story).contains("control opened");
    }

    @Test
    void a_session_without_a_part_that_it_needs_ends_and_says_so() {
        ViewerSession session = stream();
        assertThat(session.part(InputSender.class)).isPresent();
        tracks.remove(tracks.best("video").orElseThrow().serviceId());
        await(() -> session.phase().over());
        assertThat(session.reason()).contains("video");
    }

    /** What a view would ask of sound. */
    interface Volume {
        void louder();
    }

    private final class Audio implements ViewerTrackFactory {

        private final String name;
        private final Error refusal;
        volatile RuntimeException fault;

        Audio(String name) {
            this(name, null);
        }

        Audio(String name, Error refusal) {
            this.name = name;
            this.refusal = refusal;
        }

        @Override
        public ViewerTrack open(TrackContext context) {
            if (refusal != null) {
                story.add(name + " refused");
                throw refusal;
            }
            AtomicLong datagrams = new AtomicLong();
            context.bind(AUDIO_PORT, (from, datagram) -> datagrams.incrementAndGet());
            story.add(name + " opened");
            return new Sound(this, datagrams);
        }
    }

    private final class Sound implements ViewerTrack, Volume {

        private final Audio from;
        private final AtomicLong datagrams;

        Sound(Audio from, AtomicLong datagrams) {
            this.from = from;
            this.datagrams = datagrams;
        }

        @Override
        public void start() {
            story.add(from.name + " started");
        }

        @Override
        public void tick() {
            if (from.fault != null) {
                throw from.fault;
            }
        }

        @Override
        public void louder() {}

        @Override
        public Map<String, Long> counters() {
            return Map.of("datagrams_received", datagrams.get());
        }

        /** Its port is the session's to close. */
        @Override
        public void close() {
            story.add(from.name + " closed");
        }
    }

    private void bind(Audio audio, int ranking) {
        bind("audio", audio, ranking);
    }

    private void bind(String name, ViewerTrackFactory factory, int ranking) {
        client.bindTrack(factory, offered(name, factory, ranking));
    }

    /** As the framework offers it: one service, one id. */
    private Map<String, Object> offered(String name, ViewerTrackFactory factory, int ranking) {
        long id = ids.computeIfAbsent(factory, one -> 100L + ids.size());
        return Map.of(ViewerTrackFactory.NAME, name, "service.ranking", ranking, "service.id", id);
    }

    private void datagram() {
        Objects.requireNonNull(media.bound.get(AUDIO_PORT)).datagram(AUDIO_PORT, ByteBuffer.allocate(4));
    }

    private static long counter(ViewerSession session, String track, String name) {
        return session.counters().getOrDefault(track, Map.of()).getOrDefault(name, -1L);
    }

    @Test
    void a_session_that_was_made_and_can_not_be_used_is_ended() {
        control.gateway = "127.0.0.1:0";
        ViewerSession session = client.connect(FakeControlPlane.ONLINE, new Nowhere());
        await(() -> session.phase() == ViewerSession.Phase.FAILED);
        assertThat(Objects.requireNonNull(session.error()).code()).isEqualTo(ViewerError.SESSION_REFUSED);
        assertThat(session.error()).hasMessageContaining("gateway_endpoint").hasMessageContaining("127.0.0.1:0");
        assertThat(control.ends).containsExactly("session_refused");
    }

    private ViewerSession stream() {
        ViewerSession session = client.connect(FakeControlPlane.ONLINE, new Nowhere());
        await(() -> session.phase() == ViewerSession.Phase.STREAMING);
        return session;
    }

    /** Waits for a state; the bound says nothing about speed. */
    private static void await(BooleanSupplier done) {
        for (int i = 0; i < 600 && !done.getAsBoolean(); i++) {
            Clock.system().sleep(Duration.ofMillis(50));
        }
        assertThat(done.getAsBoolean()).isTrue();
    }

    private static final class Nowhere implements StreamView {
        @Override
        public List<DecoderCapability> decoders() {
            return List.of(new DecoderCapability(Codec.H264, new Size(1920, 1080), false));
        }

        @Override
        public void unit(AccessUnit unit) {}

        @Override
        public void message(StreamMessage message) {}

        @Override
        public void ended() {}
    }
}
