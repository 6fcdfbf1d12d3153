// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.runtime.Front;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalChannel;
import io.nvremote.signaling.SignalError;
import io.nvremote.signaling.SignalHandler;
import io.nvremote.signaling.SignalSession;
import io.nvremote.signaling.json.JsonSignalCodec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionHubTest {

    private final JsonSignalCodec codec = new JsonSignalCodec();
    private final ConnectionHub board = hub(new ChannelSettings(3, 1000, 1000, 3, 3, 100_000, 1000));
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final FakeWire wire = new FakeWire();

    private ConnectionHub hub(ChannelSettings settings) {
        ConnectionHub made = new ConnectionHub(SignalChannel.CLIENT, settings);
        made.codec(codec);
        return made;
    }

    @AfterEach
    void end() {
        board.close();
    }

    @Test
    void what_arrives_without_a_handler_is_parked_and_handed_over_in_order() throws Exception {
        SignalConnection line = board.open(wire);
        for (int i = 0; i < 10; i++) {
            line.arrived(ready(i));
        }
        assertThat(log.poll(100, TimeUnit.MILLISECONDS)).isNull();
        board.handler(new Recorder("a"));
        assertThat(take()).isEqualTo("a opened");
        for (int i = 0; i < 10; i++) {
            assertThat(take()).isEqualTo("a " + i);
        }
    }

    @Test
    void while_something_is_exchanged_what_arrives_waits_and_nobody_hears_of_the_socket_anew() throws Exception {
        board.handler(new Recorder("a"));
        SignalConnection line = board.open(wire);
        line.admitted();
        assertThat(take()).isEqualTo("a opened");
        Front.Hold first = board.hold();
        Front.Hold second = board.hold();
        for (int i = 0; i < 10; i++) {
            line.arrived(ready(i));
        }
        first.close();
        first.close();
        assertThat(log.poll(100, TimeUnit.MILLISECONDS)).isNull();
        second.close();
        for (int i = 0; i < 10; i++) {
            assertThat(take()).isEqualTo("a " + i);
        }
    }

    @Test
    void an_exchange_begins_when_nobody_is_being_told_anything() throws Exception {
        Recorder handler = new Recorder("a");
        handler.hold = new CountDownLatch(1);
        board.handler(handler);
        SignalConnection line = board.open(wire);
        line.arrived(ready(1));
        assertThat(take()).isEqualTo("a opened");
        Thread release = Thread.ofVirtual().start(handler.hold::countDown);
        Front.Hold hold = board.hold();
        assertThat(log.poll()).isEqualTo("a 1");
        hold.close();
        release.join();
    }

    @Test
    void a_socket_with_too_much_parked_is_not_read_until_there_is_room() throws Exception {
        SignalConnection line = board.open(wire);
        line.admitted();
        for (int i = 0; i < SignalConnection.MAX_PARKED; i++) {
            line.arrived(ready(i));
        }
        assertThat(wire.demands).hasValue(SignalConnection.MAX_PARKED - 1);
        board.handler(new Recorder("a"));
        for (int i = -1; i < SignalConnection.MAX_PARKED; i++) {
            take();
        }
        assertThat(wire.demands).hasValue(SignalConnection.MAX_PARKED);
    }

    @Test
    void no_message_is_lost_doubled_or_reordered_while_handlers_are_swapped_under_load() throws Exception {
        SignalConnection line = board.open(wire);
        Thread swapper = Thread.ofPlatform().start(() -> {
            SignalHandler last = null;
            for (int i = 0; i < 200; i++) {
                SignalHandler next = new Recorder("");
                if (i % 2 == 0 && last != null) {
                    board.withdraw(last); // A gap without any handler.
                }
                board.handler(next);
                if (i % 2 == 1 && last != null) {
                    board.withdraw(last);
                }
                last = next;
                Thread.onSpinWait();
            }
        });
        int sent = 0;
        while (swapper.isAlive() || sent < 5_000) {
            if (wire.demands.get() >= sent) {
                line.arrived(ready(sent++));
            } else {
                Thread.onSpinWait();
            }
        }
        swapper.join();
        int expected = 0;
        int openings = 0;
        while (expected < sent) {
            String entry = take();
            if (entry.equals(" opened")) {
                openings++;
            } else {
                assertThat(entry).isEqualTo(" " + expected++);
            }
        }
        assertThat(openings).as("each handler in use was introduced first").isPositive();
    }

    @Test
    void a_new_handler_hears_of_the_open_sockets_and_the_old_one_of_nothing_more() throws Exception {
        Recorder a = new Recorder("a");
        Recorder b = new Recorder("b");
        board.handler(a);
        SignalConnection line = board.open(wire);
        assertThat(take()).isEqualTo("a opened");
        board.handler(b);
        board.withdraw(a);
        assertThat(take()).isEqualTo("b opened");
        line.arrived(ready(1));
        assertThat(take()).isEqualTo("b 1");
        board.ended(line, 1000, "bye");
        assertThat(take()).isEqualTo("b closed 1000");
        assertThat(board.size()).isZero();
    }

    @Test
    void messages_before_the_end_of_a_socket_are_handled_before_its_end() throws Exception {
        SignalConnection line = board.open(wire);
        line.arrived(ready(1));
        Recorder a = new Recorder("a");
        board.handler(a);
        assertThat(take()).isEqualTo("a opened");
        assertThat(take()).isEqualTo("a 1");
        a.hold = new CountDownLatch(1);
        line.arrived(ready(2));
        line.arrived(ready(3));
        board.ended(line, 1006, "");
        a.hold.countDown();
        assertThat(take()).isEqualTo("a 2");
        assertThat(take()).isEqualTo("a 3");
        assertThat(take()).isEqualTo("a closed 1006");
    }

    @Test
    void a_malformed_message_is_refused_and_closes_with_1008_and_nothing_after_it_counts() throws Exception {
        board.handler(new Recorder("a"));
        SignalConnection line = board.open(wire);
        assertThat(take()).isEqualTo("a opened");
        line.arrived("{\"type\":\"nonsense\"}");
        assertThat(wire.out.poll(20, TimeUnit.SECONDS)).startsWith("{\"type\":\"error\",\"code\":\"UNKNOWN_TYPE\"");
        assertThat(wire.out.poll(20, TimeUnit.SECONDS)).isEqualTo("close 1008 UNKNOWN_TYPE");
        line.arrived(ready(1));
        line.send(new Signal.Ready(1));
        assertThat(log.poll(100, TimeUnit.MILLISECONDS)).isNull();
        assertThat(wire.out.poll(100, TimeUnit.MILLISECONDS)).isNull();
        assertThat(wire.demands).as("it is still read, to see the peer's close").hasValue(2);
    }

    @Test
    void a_refusal_by_the_handler_and_its_failure_both_reach_the_peer_and_leave_the_socket_open() throws Exception {
        Recorder a = new Recorder("a");
        board.handler(a);
        SignalConnection line = board.open(wire);
        a.fail = new StreamException(SignalError.NOT_ALLOWED, "not yours");
        line.arrived(ready(1));
        assertThat(wire.out.poll(20, TimeUnit.SECONDS)).contains("\"code\":\"NOT_ALLOWED\"", "not yours");
        a.fail = new IllegalStateException("broken on purpose");
        line.arrived(ready(2));
        assertThat(wire.out.poll(20, TimeUnit.SECONDS))
                .contains("\"code\":\"INTERNAL\"")
                .doesNotContain("on purpose");
        a.fail = null;
        line.arrived(ready(3));
        assertThat(take()).isEqualTo("a opened");
        assertThat(take()).isEqualTo("a 3");
    }

    @Test
    void a_socket_that_does_not_drain_one_mebibyte_is_cut() throws Exception {
        wire.slow = true;
        SignalConnection line = board.open(wire);
        Signal big = new Signal.ClientAuth(new Secret("x".repeat(16 * 1024)));
        for (int i = 0; i < 62; i++) {
            line.send(big);
        }
        assertThat(wire.out.poll(100, TimeUnit.MILLISECONDS)).isNull();
        for (int i = 0; i < 5; i++) {
            line.send(big);
        }
        assertThat(wire.out.poll(20, TimeUnit.SECONDS)).isEqualTo("cut");
        wire.stuck.countDown();
    }

    @Test
    void sends_keep_their_order_and_a_close_comes_last() throws Exception {
        SignalConnection line = board.open(wire);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            line.send(new Signal.Ready(i));
            expected.add(ready(i));
        }
        line.close(4000, "done");
        expected.add("close 4000 done");
        for (String text : expected) {
            assertThat(wire.out.poll(20, TimeUnit.SECONDS)).isEqualTo(text);
        }
    }

    @Test
    void more_sockets_than_allowed_are_not_admitted() {
        InetAddress from = InetAddress.getLoopbackAddress();
        for (int i = 0; i < 3; i++) {
            assertThat(board.admits(from)).isTrue();
            board.open(new FakeWire());
        }
        assertThat(board.admits(from)).isFalse();
    }

    @Test
    void an_office_that_comes_back_at_once_is_let_in_as_fast_as_it_shows_who_it_is() {
        int clients = 300;
        InetAddress office = InetAddress.getLoopbackAddress();
        ConnectionHub hub = hub(new ChannelSettings(10_000, 320, 1, 1_000, 32, 100_000, 1000));
        int in = 0;
        int attempts = 0;
        for (int round = 0; in < clients; round++) {
            assertThat(round).as("rounds, with %d of %d in", in, clients).isLessThan(10);
            List<SignalConnection> fresh = new ArrayList<>();
            for (int i = in; i < clients; i++) {
                attempts++;
                if (hub.admits(office)) {
                    fresh.add(hub.open(new FakeWire()));
                }
            }
            fresh.forEach(SignalConnection::admitted);
            in += fresh.size();
        }
        assertThat(attempts).as("room is what was short").isGreaterThan(1_000);
        int more = 0;
        while (hub.admits(office)) {
            hub.open(new FakeWire()).admitted();
            assertThat(++more).as("what one address may open is bounded").isLessThan(60);
        }
        hub.close();
    }

    /** By the limit of one address, and by that of all sockets. */
    @ParameterizedTest
    @CsvSource({"1000, 32", "32, 1000"})
    void sockets_that_open_at_once_are_never_more_than_allowed(int most, int mostOfOne) {
        InetAddress from = InetAddress.getLoopbackAddress();
        for (int round = 0; round < 100; round++) {
            ConnectionHub hub = hub(new ChannelSettings(most, 1000, 1000, 1000, mostOfOne, 100_000, 1000));
            try (ExecutorService all = Executors.newFixedThreadPool(8)) {
                for (int i = 0; i < 71; i++) {
                    all.execute(() -> {
                        if (hub.admits(from)) {
                            hub.open(new FakeWire());
                        }
                    });
                }
            }
            assertThat(hub.size()).as("round " + round).isBetween(1, 32);
            hub.close();
        }
    }

    private String ready(int version) {
        return codec.write(new Signal.Ready(version));
    }

    private String take() throws InterruptedException {
        return Objects.requireNonNull(log.poll(20, TimeUnit.SECONDS), "nothing happened in 20 s");
    }

    private final class Recorder implements SignalHandler {
        private final String name;
        volatile RuntimeException fail;
        volatile CountDownLatch hold = new CountDownLatch(0);

        Recorder(String name) {
            this.name = name;
        }

        @Override
        public void opened(SignalSession session) {
            log.add(name + " opened");
        }

        @Override
        public void received(SignalSession session, Signal signal) {
            try {
                assertThat(hold.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (fail != null) {
                throw fail;
            }
            log.add(name + " " + ((Signal.Ready) signal).version());
        }

        @Override
        public void closed(SignalSession session, int code, String reason) {
            log.add(name + " closed " + code);
        }
    }
}
