// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import io.nvremote.core.Endpoint;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.lib.services.Current;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.signaling.Signal;
import io.nvremote.stream.StreamMessage;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.Viewer;
import io.nvremote.viewer.ViewerSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From keys to teardown, with stand-ins for tunnel, transport and control plane. */
class ConnectionTest {

    private static final SessionId MINE = FakeControlPlane.SESSION;
    private static final SessionId OLDER = SessionId.next();

    private final FakeMedia media = new FakeMedia(List.of(new byte[] {0, 0, 0, 1, 9, 16}));
    private final List<String> deleted = new CopyOnWriteArrayList<>();
    private final AtomicLong later = new AtomicLong();
    private volatile List<DecoderCapability> decoders = List.of(Nowhere.DECODER);
    private volatile String display = "";
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    @Test
    void words_about_an_older_session_do_not_end_a_new_one() throws Exception {
        Connection connection = connection(null);
        Thread running = Thread.ofVirtual().start(connection::run);
        asked.await();
        connection.signal(update(OLDER, "TERMINATED"));
        connection.signal(update(MINE, "ACTIVE"));
        answer.countDown();
        await(connection, ViewerSession.Phase.STREAMING);
        connection.signal(update(OLDER, "FAILED"));
        connection.end("enough");
        over(running);
        assertThat(connection.phase()).isEqualTo(ViewerSession.Phase.ENDED);
        nothingLeft("enough");
    }

    @Test
    void a_session_that_fails_while_the_host_is_asked_says_why() throws Exception {
        Connection connection = connection(null);
        Thread running = Thread.ofVirtual().start(connection::run);
        answer.countDown();
        connection.signal(update(MINE, "FAILED"));
        over(running);
        StreamException error = Objects.requireNonNull(connection.error());
        assertThat(error.code().name()).isEqualTo("SESSION_FAILED");
        assertThat(error).hasMessageContaining("the host said no");
        nothingLeft("session_failed");
    }

    @Test
    void a_host_that_says_goodbye_ends_the_session() throws Exception {
        Connection connection = connection(FakeMedia.KEY);
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        await(connection, ViewerSession.Phase.STREAMING);
        media.tell(new StreamMessage.Bye("the host shuts down"));
        over(running);
        assertThat(connection.error()).isNull();
        assertThat(connection.phase()).isEqualTo(ViewerSession.Phase.ENDED);
        nothingLeft("other_side");
    }

    @Test
    void the_host_hears_first_what_the_client_decodes_and_the_page_what_the_host_says_is_wrong() throws Exception {
        Connection connection = connection(FakeMedia.KEY);
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        await(connection, ViewerSession.Phase.STREAMING);
        assertThat(media.hello).isEqualTo(new StreamMessage.Hello(List.of(Nowhere.DECODER)));
        assertThat(trouble(connection)).isEqualTo(StreamMessage.Trouble.NONE);
        StreamMessage.Trouble lost = new StreamMessage.Trouble("SOURCE_LOST", "The X server went away.");
        media.tell(lost);
        assertThat(trouble(connection)).isEqualTo(lost);
        media.tell(StreamMessage.Trouble.NONE);
        assertThat(trouble(connection)).isEqualTo(StreamMessage.Trouble.NONE);
        connection.end("enough");
        over(running);
        nothingLeft("enough");
    }

    @Test
    void the_host_hears_anew_what_the_view_decodes_when_that_changes() throws Exception {
        Connection connection = connection(FakeMedia.KEY);
        decoders = List.of();
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        await(connection, ViewerSession.Phase.STREAMING);
        assertThat(media.hello).as("nothing is said before it is known").isNull();
        decoders = List.of(Nowhere.DECODER, new DecoderCapability(Codec.H264, new Size(640, 480), false));
        for (int i = 0; i < 600 && media.hello == null; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(media.hello).isEqualTo(new StreamMessage.Hello(decoders));
        connection.end("enough");
        over(running);
    }

    @Test
    void the_display_that_a_view_wants_is_told_and_told_again_when_it_wants_another() throws Exception {
        display = ":0/DP-1";
        Connection connection = connection(FakeMedia.KEY);
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        assertThat(media.displays.poll(20, TimeUnit.SECONDS)).isEqualTo(":0/DP-1");
        display = "";
        assertThat(media.displays.poll(20, TimeUnit.SECONDS)).isEmpty();
        connection.end("enough");
        over(running);
        assertThat(media.displays).as("nothing is told twice").isEmpty();
    }

    private static StreamMessage.Trouble trouble(Connection connection) {
        return connection.part(HostFacts.class).orElseThrow().trouble();
    }

    @Test
    void a_session_that_was_lost_is_not_one_that_its_user_ended() throws Exception {
        Connection connection = connection(FakeMedia.KEY);
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        await(connection, ViewerSession.Phase.STREAMING);
        media.answering = false;
        media.playing = false;
        later.set(Duration.ofSeconds(30).toNanos());
        await(connection, ViewerSession.Phase.FAILED);
        connection.end(Viewer.BY_USER); // who reads that it is lost clicks it away
        over(running);
        nothingLeft("connection_lost");
    }

    @ParameterizedTest
    @CsvSource({
        "you disconnected, user_disconnect",
        "no page is open, no_page_is_open",
        "the client stops, the_client_stops",
        "signed out, signed_out",
    })
    void the_control_plane_reads_why_a_session_was_ended(String why, String word) throws Exception {
        Connection connection = connection(FakeMedia.KEY);
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        await(connection, ViewerSession.Phase.STREAMING);
        connection.end(why);
        over(running);
        nothingLeft(word);
    }

    @ParameterizedTest
    @CsvSource({"false, PATH_TOO_SMALL, large ones don", "true, NO_PICTURE, no picture in 30 s"})
    void a_path_too_small_for_pictures_is_told_from_a_host_that_sends_none(boolean wide, String code, String sentence)
            throws Exception {
        media.playing = false;
        media.wide = wide;
        Connection connection = connection(FakeMedia.KEY);
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        for (int i = 0; i < 600 && running.isAlive(); i++) {
            later.addAndGet(TimeUnit.SECONDS.toNanos(1)); // whoever waits for a picture has soon waited enough
            TimeUnit.MILLISECONDS.sleep(50);
        }
        over(running);
        StreamException error = Objects.requireNonNull(connection.error());
        assertThat(error.code().name()).isEqualTo(code);
        assertThat(error).hasMessageContaining(sentence);
        assertThat(media.openTunnels).hasValue(0);
    }

    @Test
    void a_refused_wish_leaves_no_key_behind() throws Exception {
        Connection connection =
                new Connection(host(), services(), new Refusing(), new Nowhere(), signal -> {}, () -> {});
        over(Thread.ofVirtual().start(connection::run));
        assertThat(connection.phase()).isEqualTo(ViewerSession.Phase.FAILED);
        nothingLeft();
    }

    @Test
    void a_cancel_while_the_host_is_asked_tells_the_control_plane() throws Exception {
        Connection connection = connection(null);
        Thread running = Thread.ofVirtual().start(connection::run);
        asked.await();
        connection.end(Viewer.BY_USER);
        answer.countDown();
        over(running);
        assertThat(connection.error()).isNull();
        nothingLeft("user_disconnect");
    }

    private void nothingLeft(String... sessionsDeleted) {
        assertThat(media.openTunnels).hasValue(0);
        assertThat(media.keys.getFirst().privateKey()).containsOnly(0);
        assertThat(deleted).as("why sessions were ended").containsExactly(sessionsDeleted);
    }

    private Connection connection(@Nullable TunnelPublicKey hostKey) {
        return new Connection(
                host(),
                services(),
                new Connection.SessionApi() {
                    @Override
                    public SessionOffer create(HostEntry host, TunnelPublicKey publicKey) {
                        asked.countDown();
                        hold();
                        return new SessionOffer(
                                MINE,
                                hostKey == null ? "PENDING" : "ACTIVE",
                                hostKey,
                                TunnelAddress.parse("10.100.2.2"),
                                TunnelAddress.parse("10.100.2.3"),
                                Endpoint.parse("127.0.0.1:51820"),
                                new Secret("dGlja2V0"));
                    }

                    @Override
                    public void delete(SessionOffer offer, String reason) {
                        deleted.add(reason);
                    }
                },
                new Nowhere(),
                signal -> {},
                () -> {});
    }

    private void hold() {
        try {
            assertThat(answer.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private StreamServices services() {
        return new StreamServices(
                new Current<>(media), media.tracks(), new Later(), PathPolicy.AUTO, Duration.ofSeconds(20));
    }

    /** The machine's clock, put forward. */
    private final class Later implements Clock {
        @Override
        public Instant instant() {
            return Clock.system().instant();
        }

        @Override
        public long nanos() {
            return Clock.system().nanos() + later.get();
        }

        @Override
        public void sleep(Duration duration) {
            Clock.system().sleep(duration);
        }
    }

    private static HostEntry host() {
        return new HostEntry(
                FakeControlPlane.ONLINE,
                "workstation-7",
                FakeControlPlane.ORG,
                "Lab",
                "ONLINE",
                null,
                null,
                null,
                null,
                null,
                0,
                null,
                null);
    }

    private static Signal.SessionUpdate update(SessionId session, String status) {
        boolean active = status.equals("ACTIVE");
        return new Signal.SessionUpdate(
                session, status, active ? FakeMedia.KEY : null, null, null, active ? null : "the host said no");
    }

    private static void await(Connection connection, ViewerSession.Phase phase) throws InterruptedException {
        for (int i = 0; i < 600 && connection.phase() != phase; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(connection.phase()).isEqualTo(phase);
    }

    private static void over(Thread running) throws InterruptedException {
        running.join(30_000);
        assertThat(running.isAlive()).isFalse();
    }

    private static final class Refusing implements Connection.SessionApi {
        @Override
        public SessionOffer create(HostEntry host, TunnelPublicKey publicKey) {
            throw new StreamException(RemoteError.of("SESSION_HOST_BUSY", 409), "the host is in use");
        }

        @Override
        public void delete(SessionOffer offer, String reason) {
            throw new IllegalStateException("there is no session to delete");
        }
    }

    private final class Nowhere implements StreamView {
        private static final DecoderCapability DECODER = new DecoderCapability(Codec.AV1, new Size(1920, 1080), true);

        @Override
        public List<DecoderCapability> decoders() {
            return decoders;
        }

        @Override
        public String display() {
            return display;
        }

        @Override
        public void unit(AccessUnit unit) {}

        @Override
        public void message(StreamMessage message) {}

        @Override
        public void ended() {}
    }
}
