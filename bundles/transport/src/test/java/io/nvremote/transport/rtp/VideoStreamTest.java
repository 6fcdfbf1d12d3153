// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.media.Codec;
import io.nvremote.media.StageStamps;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.rtp.Simulation.Received;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VideoStreamTest {

    private static final long MILLI = Simulation.MILLI;

    private Simulation world = new Simulation(new SplittableRandom(1));
    private final SplittableRandom weather = new SplittableRandom(42);

    @Test
    void a_clean_path_hands_over_every_unit_bit_exact_as_soon_as_it_is_complete() {
        world.stream(300, 60_000);
        world.run(100 * MILLI);
        assertAllThere(300);
        assertThat(world.sender.stats().retransmissions()).isZero();
        assertThat(world.receiver.stats().lost()).isZero();
        // 10 ms of path and pacing, nothing else: what a path shown to be wide gets takes less than half a frame
        for (Received unit : world.received.subList(60, 300)) {
            assertThat(unit.at() + Simulation.HOST_AHEAD - unit.stamps().sentNanos())
                    .isBetween(10 * MILLI, 10 * MILLI + 8_400_000);
        }
    }

    @Test
    void packets_due_together_are_handed_over_together_and_no_later() {
        List<Integer> steps = new ArrayList<>();
        List<Integer> sequences = new ArrayList<>();
        DatagramSender out = new DatagramSender() {
            @Override
            public void send(ByteBuffer datagram) {
                assertThat(RtpHeader.isRtcp(datagram)).isTrue();
            }

            @Override
            public void sendAll(List<ByteBuffer> datagrams) {
                steps.add(datagrams.size());
                datagrams.forEach(d -> sequences.add((int) d.getShort(2)));
            }
        };
        SendStream stream = new SendStream(
                new VideoSetup(Units.spec(), TransportSettings.DEFAULT), out, Units.fixed(0), Instant.EPOCH, MILLI);
        byte[] bytes = Units.bytes(weather, true, 50_000);
        StageStamps stamps = new StageStamps(MILLI, MILLI, MILLI, MILLI, 0);
        long due = stream.send(Units.unit(bytes, true, 0, stamps), MILLI);

        assertThat(steps).as("the head leaves at once").containsExactly(4);
        while (due < 100 * MILLI) {
            long at = due;
            int before = steps.size();
            due = stream.poll(at);
            assertThat(steps.size()).as("calls at " + at).isBetween(before, before + 1);
            assertThat(sequences).as("nothing is kept").hasSize((int)
                    stream.stats().packets());
        }
        for (int i = 1; i < sequences.size(); i++) {
            assertThat((short) (sequences.get(i) - sequences.get(0))).isEqualTo((short) i);
        }
        assertThat(sequences).hasSizeGreaterThan(40);
    }

    @Test
    void loss_reordering_and_doubles_are_repaired_bit_exact() {
        world.path = this::rough;
        world.back = this::rough;
        world.stream(1_200, 40_000);
        world.run(500 * MILLI);
        assertAllThere(1_200);
        assertThat(world.receiver.stats().repaired()).isGreaterThan(500);
        assertThat(world.receiver.stats().unitsDropped()).isZero();
        assertThat(world.sender.stats().keyFrameRequests()).isZero();
        assertThat(world.sender.stats().lossFraction()).isBetween(0.0, 0.3);
        assertThat(world.sender.stats().roundTripNanos()).isBetween(20 * MILLI, 26 * MILLI);
    }

    /** 5 % lost, 5 % doubled, 10 % up to 3 ms late. */
    private long[] rough(byte[] datagram, long now) {
        if (weather.nextInt(20) == 0) {
            return new long[0];
        }
        long at = now + 10 * MILLI + (weather.nextInt(10) == 0 ? weather.nextInt(3_000_000) : 0);
        return weather.nextInt(20) == 0 ? new long[] {at, at + MILLI} : new long[] {at};
    }

    @Test
    void an_outage_beyond_repair_ends_with_a_key_frame_and_no_unit_goes_without_its_reference() {
        world.path = (datagram, now) -> now / (400 * MILLI) % 4 == 3 ? new long[0] : new long[] {now + 10 * MILLI};
        world.stream(600, 30_000);
        world.run(500 * MILLI);
        assertSound();
        assertThat(world.received.size()).isBetween(300, 560);
        assertThat(world.receiver.stats().lost()).isPositive();
        assertThat(world.sender.stats().keyFrameRequests()).isBetween(5L, 80L);
        assertThat(world.received.getLast().sequence()).isGreaterThan(560);
    }

    @Test
    void a_sender_that_cannot_make_key_frames_is_not_shown_broken() {
        world.obeysKeyFrames = false;
        world.stream(30, 20_000);
        world.run(20 * MILLI);
        long before = world.received.size();
        world.path = (datagram, now) -> new long[0];
        world.stream(30, 20_000);
        world.path = (datagram, now) -> new long[] {now + 10 * MILLI};
        world.stream(120, 20_000);
        assertThat(world.received).hasSize((int) before);
        world.send(true, 5_000);
        world.run(100 * MILLI);
        assertThat(world.received.getLast().key()).isTrue();
        assertSound();
    }

    @Test
    void sequence_numbers_and_timestamps_wrap_unnoticed_also_under_loss() {
        Simulation wrapping = new Simulation(Units.fixed(0xFFFF_FFF0));
        wrapping.path = this::rough;
        for (int i = 0; i < 3_000; i++) {
            wrapping.send(i == 0, 30_000 + wrapping.random.nextInt(1000));
            wrapping.run(1_000 * MILLI / 60);
        }
        wrapping.run(500 * MILLI);
        assertThat(wrapping.sender.stats().packets()).isGreaterThan(70_000);
        assertThat(wrapping.received).hasSize(3_000);
        for (int i = 0; i < 3_000; i++) {
            assertThat(wrapping.received.get(i).bytes()).isEqualTo(wrapping.sent.get(i));
        }
    }

    @Test
    void the_lost_end_of_a_picture_is_repaired_though_nothing_follows() {
        world.stream(20, 20_000);
        world.run(100 * MILLI);
        int[] left = {5};
        world.path = (datagram, now) ->
                datagram[1] == 96 - 128 && left[0]-- > 0 ? new long[0] : new long[] {now + 10 * MILLI};
        world.send(false, 20_000); // its last packet is lost
        world.run(200 * MILLI);
        assertAllThere(21);
        left[0] = 5;
        world.send(false, 50); // all of it is lost
        world.run(200 * MILLI);
        assertAllThere(22);
    }

    @Test
    void stage_stamps_and_the_clock_offset_arrive() {
        world.stream(60, 20_000);
        Received last = world.received.getLast();
        long sent = last.stamps().sentNanos();
        assertThat(last.stamps().shownNanos()).isEqualTo(sent - 9_000);
        assertThat(last.stamps().capturedNanos()).isEqualTo(sent - 5_000);
        assertThat(last.stamps().convertedNanos()).isEqualTo(sent - 3_000);
        assertThat(last.stamps().encodedNanos()).isEqualTo(sent - 1_000);
        assertThat(world.receiver.hostClockOffsetNanos()).isEqualTo(-Simulation.HOST_AHEAD);
        assertThat(world.receiver.stats().roundTripNanos()).isEqualTo(20 * MILLI);
    }

    @Test
    void a_sender_that_begins_anew_is_followed_with_or_without_bye() {
        world.stream(10, 20_000);
        world.sender = world.newSender(new SplittableRandom(99));
        world.send(true, 20_000);
        world.stream(10, 20_000);
        world.sender.bye(world.now + Simulation.HOST_AHEAD);
        world.run(100 * MILLI);
        world.sender = world.newSender(new SplittableRandom(100));
        world.send(true, 20_000);
        world.run(100 * MILLI);
        assertThat(world.received.getLast().bytes()).isEqualTo(world.sent.getLast());
        assertThat(world.received.size()).isGreaterThanOrEqualTo(21);
        assertSound();
    }

    @Test
    void another_source_is_believed_at_its_second_packet_only() {
        world.stream(10, 20_000);
        byte[] stranger = world.toClient.getFirst().clone();
        ByteBuffer.wrap(stranger).putInt(8, 0x12345678);
        world.arrive(stranger, true);
        world.stream(10, 20_000);
        world.run(100 * MILLI);
        assertAllThere(20);
        for (int i = 0; i < 40; i++) {
            ByteBuffer packet = ByteBuffer.wrap(world.toClient.get(i).clone());
            if (!RtpHeader.isRtcp(packet)) {
                packet.putInt(8, 0x12345678);
                world.arrive(packet.array(), true);
            }
        }
        // Its first packet was not believed and never comes again, so it is asked for a key frame.
        world.run(500 * MILLI);
        assertThat(world.received).hasSize(20);
        ByteBuffer request = ByteBuffer.wrap(world.toHost.getLast());
        assertThat(world.toHost).anySatisfy(d -> assertThat(ByteBuffer.wrap(d).getInt(d.length - 4))
                .isEqualTo(0x12345678));
        assertThat(RtpHeader.isRtcp(request)).isTrue();
    }

    @Test
    void key_frames_are_asked_for_at_most_once_in_100_ms() {
        world.stream(10, 5_000);
        world.keyFrameWanted = false;
        for (int i = 0; i < 100; i++) {
            world.receiver.requestKeyFrame(world.now);
            world.run(5 * MILLI);
        }
        assertThat(world.sender.stats().keyFrameRequests()).isBetween(4L, 6L);
        assertThat(world.keyFrameWanted).isTrue();
    }

    @Test
    void a_wish_within_100_ms_of_another_is_deferred_and_not_dropped() {
        world.obeysKeyFrames = true;
        world.stream(10, 5_000);
        world.receiver.requestKeyFrame(world.now);
        world.run(10 * MILLI);
        world.receiver.requestKeyFrame(world.now); // a page that came while the first wish was on its way
        world.run(15 * MILLI);
        assertThat(world.keyFrameWanted).isTrue();
        world.send(false, 3_000);
        world.run(40 * MILLI);
        assertThat(world.received.getLast().key()).isTrue();
        world.receiver.requestKeyFrame(world.now);
        assertThat(world.sender.stats().keyFrameRequests()).isEqualTo(1);
        world.receiverDue();
        world.run(400 * MILLI); // nothing else is sent: the screen is at rest
        assertThat(world.sender.stats().keyFrameRequests()).isGreaterThan(1);
        assertThat(world.keyFrameWanted).isTrue();
    }

    @Test
    void a_wish_stands_until_a_key_frame_came_however_many_requests_are_lost() {
        world.stream(10, 5_000);
        Simulation.Path good = world.back;
        world.back = (datagram, now) -> new long[0];
        world.receiver.requestKeyFrame(world.now);
        world.receiverDue();
        world.run(2_000 * MILLI);
        assertThat(world.keyFrameWanted).isFalse();
        world.back = good;
        world.run(400 * MILLI);
        assertThat(world.keyFrameWanted).isTrue();
        world.send(false, 3_000);
        world.run(100 * MILLI);
        long asked = world.sender.stats().keyFrameRequests();
        world.run(2_000 * MILLI);
        assertThat(world.sender.stats().keyFrameRequests()).as("met").isEqualTo(asked);
    }

    @Test
    void a_codec_may_change_at_a_key_frame_and_repair_knows_which_is_which() {
        PayloadFormats both = new PayloadFormats(List.of(new H264Format(), new ChunkFormat()));
        world = new Simulation(new VideoSetup(Units.spec(), TransportSettings.DEFAULT, both), Units.fixed(0));
        Set<Integer> lose = Set.of(7, 12, 13);
        AtomicInteger count = new AtomicInteger();
        world.path = (datagram, now) ->
                !RtpHeader.isRtcp(ByteBuffer.wrap(datagram)) && lose.contains(count.getAndIncrement())
                        ? new long[0]
                        : new long[] {now + 10 * MILLI};
        for (int i = 0; i < 12; i++) {
            world.codec = i / 4 % 2 == 0 ? Codec.H264 : ChunkFormat.CODEC;
            world.send(i % 4 == 0, 4_000);
            world.run(20 * MILLI);
        }
        world.run(300 * MILLI);
        assertAllThere(12);
        assertThat(world.codecs).containsSubsequence(Codec.H264, ChunkFormat.CODEC, Codec.H264);
        assertThat(world.receiver.stats().repaired()).isEqualTo(3);
        assertThat(world.receiver.stats().malformed()).isZero();
    }

    @Test
    void a_storm_of_requests_is_answered_within_the_repair_budget_only() {
        world.stream(60, 60_000);
        long before = world.sender.stats().retransmissions();
        int last = (int) Sequence.first(0);
        RtcpWriter rtcp = new RtcpWriter(1, "x");
        int[] items = new int[60];
        for (int round = 0; round < 500; round++) {
            for (int i = 0; i < items.length; i++) {
                items[i] = (last += 17) << 16 | 0xFFFF;
            }
            world.sender.receive(
                    rtcp.receiverReport(null)
                            .nack(Units.SSRC, items, items.length)
                            .finish(),
                    world.now + Simulation.HOST_AHEAD);
        }
        assertThat(world.sender.stats().retransmissions() - before)
                .as("only as the pacer lets them go")
                .isLessThan(20);
        world.run(500 * MILLI);
        // a quarter second of 20 Mbit/s is 520 packets of 1200 bytes
        assertThat(world.sender.stats().retransmissions() - before).isBetween(100L, 700L);
    }

    @Test
    void random_and_mutilated_datagrams_do_no_harm() {
        world.stream(60, 20_000);
        List<byte[]> rtp = List.copyOf(world.toClient);
        List<byte[]> rtcp = List.copyOf(world.toHost);
        for (int i = 0; i < 200_000; i++) {
            boolean client = weather.nextBoolean();
            List<byte[]> from = weather.nextInt(4) == 0 ? rtcp : rtp;
            byte[] bytes = from.get(weather.nextInt(from.size())).clone();
            if (weather.nextInt(10) == 0) {
                weather.nextBytes(bytes);
            }
            for (int change = weather.nextInt(6); change > 0; change--) {
                bytes[weather.nextInt(Math.min(bytes.length, 60))] = (byte) weather.nextInt();
            }
            byte[] cut = java.util.Arrays.copyOf(bytes, weather.nextInt(bytes.length + 1));
            if (client) {
                world.receiver.receive(ByteBuffer.wrap(cut), world.now);
            } else {
                world.sender.receive(ByteBuffer.wrap(cut), world.now + Simulation.HOST_AHEAD);
            }
            world.now += 10_000;
        }
        assertThat(world.receiver.stats().malformed()).isGreaterThan(10_000);
        assertThat(world.sender.stats().malformed()).isGreaterThan(10_000);
        world.received.clear();
        world.run(1_000 * MILLI);
        world.stream(60, 20_000);
        world.stream(60, 20_000);
        assertThat(world.received.getLast().bytes())
                .isEqualTo(world.sent.get((int) world.received.getLast().sequence()));
        assertThat(world.received.getLast().sequence()).isGreaterThan(world.sent.size() - 5);
    }

    @Test
    void pacing_sends_small_units_at_once_and_large_ones_at_no_more_than_the_path_s_rate_and_a_half() {
        world.stream(120, 60_000);
        world.run(100 * MILLI);
        long path = world.sender.pathBitsPerSecond();
        assertThat(path).as("a wide path is found").isGreaterThan(20_000_000);
        int before = world.toClient.size();
        long small = world.now;
        world.send(false, 5_000);
        assertThat(times(before)).hasSizeBetween(5, 6).containsOnly(small);
        world.run(100 * MILLI);
        before = world.toClient.size();
        long large = world.now;
        world.send(false, 300_000);
        world.run(100 * MILLI);
        List<Long> times = times(before);
        assertThat(times.stream().filter(at -> at == large).count()).isBetween(3L, 20L);
        long nanos = times.getLast() - large;
        assertThat(300_000 * 8e9 / nanos).isBetween(1.1 * path, 1.5 * path);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isBetween(0L, MILLI);
        }
    }

    /** When the video packets since then left. */
    private List<Long> times(int from) {
        return java.util.stream.IntStream.range(from, world.toClient.size())
                .filter(i -> !RtpHeader.isRtcp(ByteBuffer.wrap(world.toClient.get(i))))
                .mapToObj(world.toClientAt::get)
                .toList();
    }

    @Test
    void a_unit_larger_than_the_history_loses_its_pacing_not_its_packets() {
        world.send(true, 6_000_000);
        world.run(5_000 * MILLI);
        assertAllThere(1);
    }

    private void assertAllThere(int units) {
        assertThat(world.received).hasSize(units);
        assertSound();
    }

    /** What was handed over is what was sent, and each but key frames follows its predecessor. */
    private void assertSound() {
        long before = -2;
        for (Received unit : world.received) {
            assertThat(unit.bytes()).isEqualTo(world.sent.get((int) unit.sequence()));
            assertThat(unit.key() || unit.sequence() == before + 1)
                    .as("unit %s", unit.sequence())
                    .isTrue();
            before = unit.sequence();
        }
    }
}
