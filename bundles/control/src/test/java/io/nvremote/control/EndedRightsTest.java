// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.auth.SignIn;
import io.nvremote.core.CoreError;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a round does and in which order; the whole, over a real database, is in {@code tests/control-plane}. */
class EndedRightsTest {

    private final StreamException failure = new StreamException(CoreError.INTERNAL, "the row can't be read");

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final Map<SessionId, Runnable> sessions = new LinkedHashMap<>();
    private final List<Runnable> connections = new ArrayList<>();
    private Runnable looking = () -> {};

    private final EndedRights rights = new EndedRights(new EndedRights.Look() {
        @Override
        public List<Runnable> connections() {
            return connections;
        }

        @Override
        public Map<SessionId, Runnable> sessions() {
            looking.run();
            return sessions;
        }
    });

    @AfterEach
    void close() {
        rights.close();
    }

    private void session(Runnable end) {
        sessions.put(SessionId.next(), end);
    }

    private void fails() {
        throw failure;
    }

    private void socket(String name) {
        connections.add(() -> done.add(name));
    }

    /**
     * The bound is a sum of constants and not a measurement: what a sign-in is known for, then a round that looked a moment too early
     * and had to wait, its pause, and the round that sees the end. The rest of the 5 s is the database's.
     */
    @Test
    void a_socket_closes_within_five_seconds_of_its_rights_end() {
        Duration longest = SignIn.KNOWN_FOR
                .plus(EndedRights.GRACE)
                .plus(EndedRights.PERIOD)
                .plus(EndedRights.GRACE);
        assertThat(longest).isLessThanOrEqualTo(Duration.ofSeconds(5).minusSeconds(1));
    }

    @Test
    void a_session_ends_before_the_socket_closes_that_is_told_of_it() {
        session(() -> done.add("session"));
        socket("socket");
        rights.round();
        assertThat(done).containsExactly("session", "socket");
    }

    @Test
    void an_end_that_hangs_holds_up_no_socket_and_no_other_session_and_is_not_begun_twice() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        session(() -> {
            done.add("begun");
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            over.countDown();
        });
        session(() -> done.add("session"));
        socket("socket");
        rights.round();
        assertThat(done).containsExactlyInAnyOrder("begun", "session", "socket");
        done.clear();
        rights.round();
        assertThat(done).containsExactly("session", "socket");
        release.countDown();
        over.await();
    }

    @Test
    void an_end_that_fails_takes_nothing_from_the_others_and_is_said_at_the_end() {
        session(this::fails);
        session(() -> done.add("session"));
        connections.add(this::fails);
        socket("socket");
        assertThatThrownBy(rights::round).isSameAs(failure);
        assertThat(done).containsExactly("session", "socket");
        done.clear();
        assertThatThrownBy(rights::round).isSameAs(failure);
        assertThat(done).as("again").containsExactly("session", "socket");
    }

    @Test
    void sockets_close_even_if_nobody_can_say_which_sessions_run() {
        looking = this::fails;
        socket("socket");
        assertThatThrownBy(rights::round).isSameAs(failure);
        assertThat(done).containsExactly("socket");
    }
}
