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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a round does and in which order; the whole, over a real database, is in {@code tests/control-plane}. */
class EndedRightsTest {

    private final StreamException failure = new StreamException(CoreError.INTERNAL, "the row can't be read");

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final Map<SessionId, EndedRights.Ending> sessions = new LinkedHashMap<>();
    private final List<EndedRights.Closing> connections = new ArrayList<>();
    private Runnable looking = () -> {};

    private final EndedRights rights = new EndedRights(new EndedRights.Look() {
        @Override
        public List<EndedRights.Closing> connections() {
            return connections;
        }

        @Override
        public Map<SessionId, EndedRights.Ending> sessions() {
            looking.run();
            return sessions;
        }
    });

    @AfterEach
    void close() {
        rights.close();
    }

    private void session(Object host, Object user, Runnable end) {
        sessions.put(SessionId.next(), new EndedRights.Ending(Set.of(host, user), end));
    }

    private void fails() {
        throw failure;
    }

    private void socket(String party) {
        connections.add(new EndedRights.Closing(party, () -> done.add("socket of " + party)));
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNull(done.poll(60, TimeUnit.SECONDS), "nothing more happened");
    }

    /**
     * The bound is a sum of constants and not a measurement: what a sign-in is known for, the pause between two rounds, and the wait
     * for a socket's own sessions. The rest of the 5 s is the database's.
     */
    @Test
    void a_socket_closes_within_five_seconds_of_its_rights_end() {
        Duration longest = SignIn.KNOWN_FOR.plus(EndedRights.PERIOD).plus(EndedRights.GRACE);
        assertThat(longest).isLessThanOrEqualTo(Duration.ofMillis(4500));
    }

    @Test
    void sessions_end_before_the_sockets_close_that_are_told_of_it() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        session("host", "user", () -> {
            await(release);
            done.add("session");
        });
        socket("host");
        socket("user");
        socket("other");
        rights.round();
        assertThat(next()).as("waits for nothing of others").isEqualTo("socket of other");
        assertThat(done).isEmpty();
        release.countDown();
        assertThat(next()).isEqualTo("session");
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("socket of host", "socket of user");
    }

    @Test
    void an_end_that_hangs_holds_up_no_session_of_others_is_not_begun_twice_and_its_own_sockets_close_all_the_same()
            throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        session("host", "user", () -> {
            done.add("begun");
            await(release);
            done.add("over");
        });
        Map<SessionId, EndedRights.Ending> hanging = Map.copyOf(sessions);
        session("host 2", "user 2", () -> done.add("session 2"));
        rights.round();
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("begun", "session 2");
        sessions.keySet().retainAll(hanging.keySet());
        socket("host");
        rights.round();
        assertThat(next()).as("after its grace, and nothing was begun twice").isEqualTo("socket of host");
        release.countDown();
        assertThat(next()).isEqualTo("over");
    }

    @Test
    void an_end_that_fails_takes_nothing_from_the_others_and_is_said_by_a_round() throws Exception {
        session("host", "user", this::fails);
        session("host 2", "user 2", () -> done.add("session 2"));
        connections.add(new EndedRights.Closing("host 3", this::fails));
        socket("host");
        assertThatThrownBy(rights::round).isSameAs(failure);
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("session 2", "socket of host");
        connections.clear();
        sessions.clear();
        boolean said = false;
        for (int i = 0; i < 1000 && !said; i++) {
            try {
                rights.round();
                TimeUnit.MILLISECONDS.sleep(10); // until the failure of the end was kept
            } catch (StreamException e) {
                said = e == failure;
            }
        }
        assertThat(said).as("the failed end, by a later round").isTrue();
    }

    @Test
    void sockets_close_even_if_nobody_can_say_which_sessions_run() throws Exception {
        looking = this::fails;
        socket("host");
        assertThatThrownBy(rights::round).isSameAs(failure);
        assertThat(next()).isEqualTo("socket of host");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
