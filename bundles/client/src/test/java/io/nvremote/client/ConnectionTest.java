// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Size;
import io.nvremote.signaling.Signal;
import io.nvremote.stream.StreamMessage;
import io.nvremote.tunnel.PathPolicy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** From keys to teardown, with stand-ins for tunnel, transport and control plane. */
class ConnectionTest {

    private static final SessionId MINE = FakeControlPlane.SESSION;
    private static final SessionId OLDER = SessionId.next();

    private final FakeMedia media = new FakeMedia(List.of(new byte[] {0, 0, 0, 1, 9, 16}));
    private final AtomicInteger deleted = new AtomicInteger();
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
        await(connection, Connection.Phase.STREAMING);
        connection.signal(update(OLDER, "FAILED"));
        connection.end("enough");
        over(running);
        assertThat(connection.phase()).isEqualTo(Connection.Phase.ENDED);
        nothingLeft(1);
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
        nothingLeft(1);
    }

    @Test
    void a_host_that_says_goodbye_ends_the_session() throws Exception {
        Connection connection = connection(FakeMedia.KEY);
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        await(connection, Connection.Phase.STREAMING);
        media.tell(new StreamMessage.Bye("the host shuts down"));
        over(running);
        assertThat(connection.error()).isNull();
        assertThat(connection.phase()).isEqualTo(Connection.Phase.ENDED);
        nothingLeft(1);
    }

    @Test
    void the_host_hears_first_what_the_client_decodes_and_the_page_what_the_host_says_is_wrong() throws Exception {
        Connection connection = connection(FakeMedia.KEY);
        answer.countDown();
        Thread running = Thread.ofVirtual().start(connection::run);
        await(connection, Connection.Phase.STREAMING);
        assertThat(media.hello).isEqualTo(new StreamMessage.Hello(List.of(Nowhere.DECODER)));
        assertThat(state(connection).path("trouble").isNull()).isTrue();
        media.tell(new StreamMessage.Trouble("SOURCE_LOST", "The X server went away."));
        assertThat(state(connection).path("trouble").path("code").asText()).isEqualTo("SOURCE_LOST");
        assertThat(state(connection).path("trouble").path("sentence").asText()).isEqualTo("The X server went away.");
        media.tell(StreamMessage.Trouble.NONE);
        assertThat(state(connection).path("trouble").isNull()).isTrue();
        connection.end("enough");
        over(running);
        nothingLeft(1);
    }

    private static ObjectNode state(Connection connection) {
        ObjectNode out = Json.object();
        connection.write(out);
        return out;
    }

    @Test
    void a_refused_wish_leaves_no_key_behind() throws Exception {
        Connection connection =
                new Connection(host(), services(), new Refusing(), new Nowhere(), signal -> {}, () -> {});
        over(Thread.ofVirtual().start(connection::run));
        assertThat(connection.phase()).isEqualTo(Connection.Phase.FAILED);
        nothingLeft(0);
    }

    @Test
    void a_cancel_while_the_host_is_asked_tells_the_control_plane() throws Exception {
        Connection connection = connection(null);
        Thread running = Thread.ofVirtual().start(connection::run);
        asked.await();
        connection.end("changed my mind");
        answer.countDown();
        over(running);
        assertThat(connection.error()).isNull();
        nothingLeft(1);
    }

    private void nothingLeft(int sessionsDeleted) {
        assertThat(media.openTunnels).hasValue(0);
        assertThat(media.keys.getFirst().privateKey()).containsOnly(0);
        assertThat(deleted).hasValue(sessionsDeleted);
    }

    private Connection connection(String hostKey) {
        return new Connection(
                host(),
                services(),
                new Connection.SessionApi() {
                    @Override
                    public SessionOffer create(HostEntry host, String publicKey) {
                        asked.countDown();
                        hold();
                        return new SessionOffer(
                                MINE,
                                hostKey == null ? "PENDING" : "ACTIVE",
                                hostKey,
                                "10.100.2.2",
                                "10.100.2.3",
                                "127.0.0.1:51820",
                                new Secret("dGlja2V0"));
                    }

                    @Override
                    public void delete(SessionOffer offer) {
                        deleted.incrementAndGet();
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
        return new StreamServices(media, media, Clock.system(), PathPolicy.AUTO);
    }

    private static HostEntry host() {
        return new HostEntry(
                FakeControlPlane.ONLINE, "workstation-7", "Lab", "ONLINE", null, null, null, null, null, 0, null, null);
    }

    private static Signal.SessionUpdate update(SessionId session, String status) {
        boolean active = status.equals("ACTIVE");
        return new Signal.SessionUpdate(
                session, status, active ? FakeMedia.KEY : null, null, null, active ? null : "the host said no");
    }

    private static void await(Connection connection, Connection.Phase phase) throws InterruptedException {
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
        public SessionOffer create(HostEntry host, String publicKey) {
            throw new StreamException(RemoteError.of("SESSION_HOST_BUSY", 409), "the host is in use");
        }

        @Override
        public void delete(SessionOffer offer) {
            throw new IllegalStateException("there is no session to delete");
        }
    }

    private static final class Nowhere implements StreamView {
        private static final DecoderCapability DECODER = new DecoderCapability(Codec.AV1, new Size(1920, 1080), true);

        @Override
        public List<DecoderCapability> decoders() {
            return List.of(DECODER);
        }

        @Override
        public void unit(AccessUnit unit) {}

        @Override
        public void message(StreamMessage message) {}

        @Override
        public void ended() {}
    }
}
