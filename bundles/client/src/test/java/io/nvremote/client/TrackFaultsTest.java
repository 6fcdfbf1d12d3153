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
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerSession;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the code of a track does, and wherever: it costs the track, and the next best of its name takes its place. */
class TrackFaultsTest {

    private static final int PORT = 5008;

    enum Place {
        ORDER,
        REPLACEABLE,
        OPEN,
        START,
        READY,
        TICK,
        MESSAGE,
        COUNTERS,
        PART,
        DATAGRAM,
        CLOSE
    }

    enum Fault {
        THROWS,
        THROWS_AN_ERROR,
        THROWS_WHAT_IT_MAY_NOT,
        HANGS,
        ANSWERS_NOTHING
    }

    private final FakeMedia media = new FakeMedia(List.of(new byte[] {0, 0, 0, 1, 9, 16}));
    private final RankedServices<ViewerTrackFactory> tracks = media.tracks();
    private final List<String> story = new CopyOnWriteArrayList<>();
    private final CountDownLatch testOver = new CountDownLatch(1);
    private FakeControlPlane control;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        control = new FakeControlPlane();
        client = media.signedIn(control, tracks);
    }

    @AfterEach
    void stop() {
        testOver.countDown();
        client.close();
        control.close();
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void what_throws_is_replaced(Place place) {
        replaced(place, Fault.THROWS);
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void what_throws_an_error_is_replaced(Place place) {
        replaced(place, Fault.THROWS_AN_ERROR);
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void what_throws_by_stealth_is_replaced(Place place) {
        replaced(place, Fault.THROWS_WHAT_IT_MAY_NOT);
    }

    /** A datagram is the tunnel's own thread's, which is lent: see the README. */
    @ParameterizedTest
    @EnumSource(value = Place.class, mode = EnumSource.Mode.EXCLUDE, names = "DATAGRAM")
    void what_does_not_return_is_abandoned_and_replaced(Place place) {
        replaced(place, Fault.HANGS);
    }

    @ParameterizedTest
    @CsvSource({"OPEN", "COUNTERS", "PART"})
    void what_answers_nothing_is_replaced(Place place) {
        replaced(place, Fault.ANSWERS_NOTHING);
    }

    private void replaced(Place place, Fault fault) {
        Bad bad = new Bad(place, fault);
        client.bindTrack(bad, offered("audio", 100, 5));
        client.bindTrack(new Good("spare"), offered("audio", 101, 0));
        ViewerSession session = client.connect(FakeControlPlane.ONLINE, new Nowhere());
        if (place == Place.MESSAGE) {
            await(() -> media.hello != null);
            media.tell(StreamMessage.Trouble.NONE);
        }
        await(() -> session.phase() == ViewerSession.Phase.STREAMING);
        switch (place) {
            case COUNTERS -> session.counters();
            case PART -> session.part(Runnable.class);
            case DATAGRAM -> Objects.requireNonNull(media.bound.get(PORT)).datagram(PORT, ByteBuffer.allocate(4));
            case REPLACEABLE -> client.bindTrack(new Good("other"), offered("other", 102, 0));
            case CLOSE -> client.unbindTrack(bad, offered("audio", 100, 5));
            default -> {}
        }
        await(() -> story.contains("spare started"));
        await(() -> session.counters().containsKey("audio"));
        assertThat(session.phase()).isEqualTo(ViewerSession.Phase.STREAMING);
        assertThat(session.counters().get("audio")).containsKey("spare");
        client.disconnect("enough");
        await(() -> session.phase().over());
        assertThat(session.error()).isNull();
        assertThat(story).contains("spare closed");
        assertThat(media.bound).as("ports of the tunnel that are still open").isEmpty();
        assertThat(media.openTunnels).hasValue(0);
    }

    private static Map<String, Object> offered(String name, long id, int ranking) {
        return Map.of(ViewerTrackFactory.NAME, name, "service.ranking", ranking, "service.id", id);
    }

    /** Waits for a state; the bound says nothing about speed. */
    private static void await(BooleanSupplier done) {
        for (int i = 0; i < 2400 && !done.getAsBoolean(); i++) {
            Clock.system().sleep(Duration.ofMillis(25));
        }
        assertThat(done.getAsBoolean()).isTrue();
    }

    /** Keeps to the contract but in one place. */
    private final class Bad implements ViewerTrackFactory {
        private final Place broken;
        private final Fault fault;

        Bad(Place broken, Fault fault) {
            this.broken = broken;
            this.fault = fault;
        }

        /** @return whether the answer is to be null */
        private boolean at(Place place) {
            if (place == broken) {
                switch (fault) {
                    case THROWS -> throw new IllegalStateException("made up");
                    case THROWS_AN_ERROR -> throw new StackOverflowError("made up");
                    case THROWS_WHAT_IT_MAY_NOT -> TrackFaultsTest.<RuntimeException>raise(new Exception("made up"));
                    case HANGS -> hang();
                    case ANSWERS_NOTHING -> {}
                }
            }
            return place == broken && fault == Fault.ANSWERS_NOTHING;
        }

        private void hang() {
            while (testOver.getCount() > 0) {
                try {
                    testOver.await();
                } catch (InterruptedException e) {
                    // The worst of all: it does not even hear that.
                }
            }
        }

        @Override
        public int order() {
            at(Place.ORDER);
            return 0;
        }

        @Override
        public boolean replaceable() {
            at(Place.REPLACEABLE);
            return true;
        }

        @Override
        public ViewerTrack open(TrackContext context) {
            context.bind(PORT, (from, datagram) -> at(Place.DATAGRAM));
            return at(Place.OPEN) ? null : new BadTrack();
        }

        private final class BadTrack implements ViewerTrack {
            @Override
            public void start() {
                at(Place.START);
            }

            @Override
            public boolean ready() {
                at(Place.READY);
                return true;
            }

            @Override
            public void tick() {
                at(Place.TICK);
            }

            @Override
            public void message(StreamMessage message) {
                at(Place.MESSAGE);
            }

            @Override
            public Map<String, Long> counters() {
                return at(Place.COUNTERS) ? null : Map.of("bad", 1L);
            }

            @Override
            public <P> Optional<P> part(Class<P> kind) {
                return at(Place.PART) ? null : Optional.empty();
            }

            @Override
            public void close() {
                at(Place.CLOSE);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void raise(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private final class Good implements ViewerTrackFactory {
        private final String name;

        Good(String name) {
            this.name = name;
        }

        @Override
        public ViewerTrack open(TrackContext context) {
            return new ViewerTrack() {
                @Override
                public void start() {
                    story.add(name + " started");
                }

                @Override
                public Map<String, Long> counters() {
                    return Map.of(name, 1L);
                }

                @Override
                public void close() {
                    story.add(name + " closed");
                }
            };
        }
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
