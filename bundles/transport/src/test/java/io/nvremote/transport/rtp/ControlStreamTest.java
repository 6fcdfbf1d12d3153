// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ControlStreamTest {

    private static final long MILLI = 1_000_000;

    @SuppressWarnings("ArrayRecordComponent")
    private record Event(long at, long order, boolean toA, byte[] bytes) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final SplittableRandom random = new SplittableRandom(5);
    private final List<byte[]> atA = new ArrayList<>();
    private final List<byte[]> atB = new ArrayList<>();
    private final List<byte[]> datagrams = new ArrayList<>();
    private long now = 1_000 * MILLI;
    private long order;
    private int lossPercent;
    private ControlStream a = begin(true);
    private ControlStream b = begin(false);

    private ControlStream begin(boolean isA) {
        return new ControlStream(d -> carry(d, !isA), random, now);
    }

    private void carry(ByteBuffer datagram, boolean toA) {
        assertThat(datagram.remaining()).isLessThanOrEqualTo(1200);
        byte[] bytes = Units.copy(datagram);
        datagrams.add(bytes);
        for (int copies = random.nextInt(20) == 0 ? 2 : 1; copies > 0; copies--) {
            if (random.nextInt(100) >= lossPercent) {
                long late = random.nextInt(10) == 0 ? random.nextInt(30) * MILLI : 0;
                events.add(new Event(now + 10 * MILLI + late, order++, toA, bytes));
            }
        }
    }

    private void run(long nanos) {
        for (long end = now + nanos; now < end; now += MILLI) {
            for (Event e = events.peek(); e != null && e.at <= now; e = events.peek()) {
                events.remove();
                (e.toA ? a : b).receive(ByteBuffer.wrap(e.bytes), now);
            }
            a.poll(now);
            b.poll(now);
            take(a, atA);
            take(b, atB);
        }
    }

    private static void take(ControlStream from, List<byte[]> to) {
        for (byte[] m = from.poll(); m != null; m = from.poll()) {
            to.add(m);
        }
    }

    private byte[] message(int bytes) {
        byte[] message = new byte[bytes];
        random.nextBytes(message);
        return message;
    }

    @Test
    void messages_of_every_size_arrive_in_order_and_once_under_20_percent_loss() {
        lossPercent = 20;
        List<byte[]> fromA = new ArrayList<>();
        List<byte[]> fromB = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] up = message(i % 100 == 0 ? 60_000 : random.nextInt(200));
            byte[] down = message(random.nextInt(3_000));
            fromA.add(up);
            fromB.add(down);
            assertThat(a.send(ByteBuffer.wrap(up), now)).isTrue();
            assertThat(b.send(ByteBuffer.wrap(down), now)).isTrue();
            run(20 * MILLI);
        }
        run(5_000 * MILLI);
        assertThat(atB).containsExactlyElementsOf(fromA);
        assertThat(atA).containsExactlyElementsOf(fromB);
        assertThat(a.malformed() + b.malformed()).isZero();
    }

    @Test
    void a_clean_path_sends_nothing_twice_and_nothing_when_idle() {
        a.send(ByteBuffer.wrap(message(10)), now);
        run(1_000 * MILLI);
        int before = datagrams.size();
        run(10_000 * MILLI);
        assertThat(datagrams).hasSize(before);
        assertThat(before).isLessThan(10);
        assertThat(atB).hasSize(1);
    }

    @Test
    void small_messages_that_are_sent_again_share_datagrams() {
        run(100 * MILLI);
        lossPercent = 100;
        for (int i = 0; i < 100; i++) {
            a.send(ByteBuffer.wrap(message(8)), now);
        }
        lossPercent = 0;
        datagrams.clear();
        run(1_000 * MILLI);
        assertThat(atB).hasSize(100);
        assertThat(datagrams.size()).isLessThan(20);
    }

    @Test
    void a_peer_that_begins_anew_is_noticed_and_gets_what_the_old_one_did_not_acknowledge() {
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(message(100 * i));
            a.send(ByteBuffer.wrap(sent.get(i)), now);
        }
        run(500 * MILLI);
        assertThat(atB).containsExactlyElementsOf(sent);
        events.clear();
        lossPercent = 100;
        byte[] unheard = message(40_000);
        a.send(ByteBuffer.wrap(unheard), now);
        run(300 * MILLI);
        lossPercent = 10;
        b = begin(false);
        run(3_000 * MILLI);
        b.send(ByteBuffer.wrap(unheard), now);
        a.send(ByteBuffer.wrap(message(1)), now);
        run(3_000 * MILLI);
        assertThat(atB).hasSize(7);
        assertThat(atB.get(5)).isEqualTo(unheard);
        assertThat(atA).containsExactly(unheard);
    }

    @Test
    void a_dead_peer_fills_the_queue_and_the_queue_refuses() {
        lossPercent = 100;
        int taken = 0;
        while (a.send(ByteBuffer.wrap(message(10_000)), now)) {
            taken++;
        }
        assertThat(taken).isBetween(100, 104);
        datagrams.clear();
        run(10_000 * MILLI);
        assertThat(datagrams.size()).as("greetings only").isLessThan(250);
        int empty = 0;
        while (b.send(ByteBuffer.allocate(0), now)) {
            empty++;
        }
        assertThat(empty).isLessThan(20_000);
    }

    @Test
    void a_message_too_long_is_refused_with_its_rule() {
        assertThatThrownBy(() -> a.send(ByteBuffer.allocate(60_001), now))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_VALUE))
                .hasMessageContaining("60001");
    }

    @Test
    void random_and_mutilated_datagrams_do_no_harm() {
        for (int i = 0; i < 50; i++) {
            a.send(ByteBuffer.wrap(message(500)), now);
            b.send(ByteBuffer.wrap(message(500)), now);
            run(20 * MILLI);
        }
        List<byte[]> samples = List.copyOf(datagrams);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
            for (int change = random.nextInt(6); change > 0; change--) {
                bytes[random.nextInt(Math.min(40, bytes.length))] = (byte) random.nextInt();
            }
            byte[] cut = java.util.Arrays.copyOf(
                    bytes, random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length);
            (random.nextBoolean() ? a : b).receive(ByteBuffer.wrap(cut), now);
            if (i % 100 == 0) {
                events.clear();
                datagrams.clear();
                take(a, atA);
                take(b, atB);
            }
        }
        assertThat(a.malformed() + b.malformed()).isGreaterThan(10_000);
        a = begin(true);
        b = begin(false);
        atB.clear();
        byte[] after = message(5_000);
        a.send(ByteBuffer.wrap(after), now);
        run(1_000 * MILLI);
        assertThat(atB).containsExactly(after);
    }
}
