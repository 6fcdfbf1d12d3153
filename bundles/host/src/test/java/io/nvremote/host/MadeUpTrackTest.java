// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.stream.StreamMessage;
import io.nvremote.track.Track;
import io.nvremote.track.TrackFactory;
import io.nvremote.track.TrackReport;
import io.nvremote.track.TrackSession;
import io.nvremote.tunnel.TunnelError;
import io.nvremote.tunnel.TunnelPort;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A track that this host has never heard of, offered as a service beside its own: nothing else is needed to have it in a session. */
class MadeUpTrackTest {

    private static final int SOUND_PORT = 5008;

    private final Fakes.Wire wire = new Fakes.Wire();
    private final Fakes.Tunnels tunnels = new Fakes.Tunnels();
    private final Fakes.Card card = new Fakes.Card();
    private final RankedServices<io.nvremote.capture.CaptureSource> captures = new RankedServices<>();
    private final RankedServices<io.nvremote.encode.Encoder> encoders = new RankedServices<>();
    private final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final Sound sound = new Sound();
    private ComposedSession.Parts parts;
    private ComposedSession session;

    @BeforeEach
    void begin() {
        captures.add(Fakes.offered(card, 10, 0, "card", "capture", "1.0.0"));
        encoders.add(Fakes.offered(new Fakes.Letter('a'), 1, 0, "h264", "enc", "1.0.0"));
        parts = ComposedSession.parts(
                tunnels, wire, captures, encoders, new RankedServices<>(), Fakes.PLAN, (service, reason) -> {
                    parts.session().tracks().setAside(service, reason);
                    failed.add(service.name() + ": " + reason);
                });
        parts.session().tracks().add(Fakes.offered(sound, 50, 0, "sound", "com.acme.sound", "1.0.0"));
    }

    @AfterEach
    void end() throws Exception {
        if (session != null) {
            session.end("test over");
            assertThat(ended.poll(20, TimeUnit.SECONDS)).isEqualTo("test over");
        }
    }

    @Test
    void it_is_started_told_what_happens_counted_and_stopped_with_the_session() throws Exception {
        open();
        Sound.Playing playing = sound.opened.getFirst();
        assertThat(playing.events).as("nothing before the tunnel is up").containsExactly("start");
        tunnels.listener.up();
        assertThat(playing.events).containsExactly("start", "up");
        await(() -> playing.screens.contains("card"));

        tunnels.ports.get(SOUND_PORT).datagram(SOUND_PORT, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        tunnels.ports.get(SOUND_PORT).datagram(SOUND_PORT, ByteBuffer.wrap(new byte[] {4}));
        assertThat(session.reported("sound")).containsEntry("bytes_heard", 4L).containsEntry("device", "made up");
        assertThat(session.reported("video")).containsKey("captured");

        wire.clientSays(new StreamMessage.Ping(1));
        assertThat(playing.events).containsExactly("start", "up", "here");
        await(() -> wire.messages.stream()
                .anyMatch(m -> m instanceof StreamMessage.Trouble t && t.code().equals("SOUND")));
        wire.clientSays(new StreamMessage.Input(new InputEvent.Key(4, true)));
        assertThat(playing.messages).hasValue(1);

        session.end("test over");
        await(() -> playing.events.contains("close"));
        assertThat(playing.events).as("once").filteredOn("close"::equals).hasSize(1);
    }

    @Test
    void what_it_throws_costs_it_its_place_and_the_next_best_of_its_name_takes_it() throws Exception {
        Sound other = new Sound();
        parts.session().tracks().add(Fakes.offered(other, 51, -1, "sound", "com.other.sound", "1.0.0"));
        open();
        tunnels.listener.up();
        assertThat(other.opened).isEmpty();
        sound.opened.getFirst().breaks = true;
        wire.clientSays(new StreamMessage.Ping(1));
        assertThat(failed.poll(20, TimeUnit.SECONDS))
                .startsWith("com.acme.sound")
                .contains("made up");
        await(() -> !other.opened.isEmpty() && other.opened.getFirst().events.size() == 3);
        assertThat(other.opened.getFirst().events)
                .as("what happened before is told")
                .containsExactly("start", "up", "here");
        await(() -> other.opened.getFirst().screens.contains("card"));
        await(() -> sound.opened.getFirst().events.contains("close"));
        int before = wire.units.size();
        await(() -> wire.units.size() > before + 10);
    }

    @Test
    void when_its_service_goes_it_is_closed_and_the_session_goes_on_without_it() throws Exception {
        open();
        tunnels.listener.up();
        parts.session().tracks().remove(50);
        session.trackGone(50);
        assertThat(sound.opened.getFirst().events).contains("close");
        assertThat(session.reported("sound")).isEmpty();
        int before = wire.units.size();
        await(() -> wire.units.size() > before + 10);
        assertThat(ended).isEmpty();
    }

    @Test
    void one_that_does_not_open_is_missing_and_only_an_essential_one_refuses_the_session() throws Exception {
        sound.refusal = new StreamException(TunnelError.PORT_IN_USE, "no loudspeaker");
        open();
        assertThat(session.reported("sound")).isEmpty();
        assertThat(failed).as("who says why is not at fault").isEmpty();
        session.end("test over");
        assertThat(ended.poll(20, TimeUnit.SECONDS)).isNotNull();
        session = null;

        sound.essential = true;
        Throwable thrown = catchThrowable(this::open);
        assertThat(thrown).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(TunnelError.PORT_IN_USE));
        assertThat(tunnels.closed).as("nothing is left open").hasValue(2);
        assertThat(SessionTracks.refusal(parts.session().tracks())).isEqualTo("no loudspeaker");
    }

    private void open() {
        session = ComposedSession.open(ComposedSession.spec(tunnels), parts, ComposedSession.telling(ended::add));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        boolean seen = condition.getAsBoolean();
        for (int i = 0; i < 4_000 && !seen; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
            seen = condition.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }

    /** As another company might write it: knows the contract of tracks, and of the host what its video tells. */
    private static final class Sound implements TrackFactory {
        final List<Playing> opened = new CopyOnWriteArrayList<>();
        volatile StreamException refusal;
        volatile boolean essential;

        @Override
        public boolean essential() {
            return essential;
        }

        @Override
        public String refusal() {
            return refusal == null ? "" : "no loudspeaker";
        }

        @Override
        public Track open(TrackSession session) {
            if (refusal != null) {
                throw refusal;
            }
            Playing playing = new Playing(session);
            opened.add(playing);
            return playing;
        }

        static final class Playing implements Track {
            final List<String> events = new CopyOnWriteArrayList<>();
            final List<String> screens = new CopyOnWriteArrayList<>();
            final AtomicInteger messages = new AtomicInteger();
            final AtomicInteger bytes = new AtomicInteger();
            final TrackSession session;
            final TunnelPort port;
            volatile boolean breaks;

            Playing(TrackSession session) {
                this.session = session;
                port = session.bind(SOUND_PORT, (from, datagram) -> bytes.addAndGet(datagram.remaining()));
                session.hear(Screen.class, screen -> screens.add(screen.source()));
            }

            @Override
            public void start() {
                events.add("start");
            }

            @Override
            public void up() {
                events.add("up");
            }

            @Override
            public void peerHere() {
                if (breaks) {
                    throw new IllegalStateException("made up");
                }
                events.add("here");
                session.say(new StreamMessage.Trouble("SOUND", "is on"));
            }

            @Override
            public boolean message(StreamMessage message) {
                messages.incrementAndGet();
                return false;
            }

            @Override
            public void report(TrackReport to) {
                to.counter("bytes_heard", bytes.get());
                to.fact("device", "made up");
            }

            @Override
            public void close() {
                events.add("close");
                port.close();
            }
        }
    }
}
