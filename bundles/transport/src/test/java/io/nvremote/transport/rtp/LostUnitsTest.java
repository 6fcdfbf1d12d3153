// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.transport.rtp.LostUnits.Loss;
import io.nvremote.transport.rtp.Simulation.Received;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the encoder hears of units that are lost for good, in virtual time. */
class LostUnitsTest {

    private static final long MILLI = Simulation.MILLI;

    private final SplittableRandom weather = new SplittableRandom(5);

    @Test
    void after_an_outage_the_encoder_hears_of_all_units_behind_the_last_one_shown_before_the_wish_for_a_key_frame() {
        Simulation world = new Simulation(new SplittableRandom(1));
        world.obeysKeyFrames = false;
        world.stream(30, 20_000);
        world.run(100 * MILLI);
        world.path = (datagram, now) -> new long[0];
        world.stream(30, 20_000);
        assertThat(world.losses).as("nothing is given up yet").isEmpty();
        world.path = (datagram, now) -> new long[] {now + 10 * MILLI};
        while (world.losses.isEmpty()) {
            assertThat(world.keyFrameWanted).isFalse();
            world.stream(1, 20_000);
        }
        assertThat(world.keyFrameWanted).isTrue();
        Loss first = world.losses.getFirst();
        assertThat(first.first()).isEqualTo(30);
        assertThat(first.last()).isEqualTo(world.sent.size() - 1);
        world.stream(60, 20_000);
        assertThat(world.losses)
                .as("while no key frame is made, what was sent since is lost as well")
                .hasSizeGreaterThan(1)
                .allSatisfy(loss -> assertThat(loss.first()).isEqualTo(30));
        assertThat(world.received).hasSize(30);
        long told = world.losses.size();
        world.send(true, 5_000);
        world.run(100 * MILLI);
        world.stream(60, 20_000);
        assertThat(world.losses).as("the key frame ends it").hasSize((int) told);
        assertThat(world.received.getLast().sequence()).isGreaterThan(world.sent.size() - 3);
    }

    @Test
    void what_repair_brings_back_is_never_told_as_lost_also_where_numbers_wrap_and_packets_overtake_each_other() {
        Simulation world = new Simulation(Units.fixed(0xFFFF_FFF0));
        world.path = this::rough;
        world.back = this::rough;
        for (int i = 0; i < 600; i++) {
            world.send(i == 0, 8_000 + world.random.nextInt(1_000));
            world.run(1_000 * MILLI / 60);
        }
        world.run(500 * MILLI);

        assertThat(world.receiver.stats().repaired()).isGreaterThan(100);
        assertThat(world.received).hasSize(600);
        assertThat(world.losses).isEmpty();
    }

    @Test
    void what_is_told_as_lost_begins_behind_the_last_unit_shown_and_is_never_shown_whatever_the_weather() {
        Simulation world = new Simulation(Units.fixed(0xFFFF_FF00));
        world.path = (datagram, now) -> now / (400 * MILLI) % 4 == 3 ? new long[0] : rough(datagram, now);
        world.back = this::rough;
        for (int i = 0; i < 1_200; i++) {
            world.send(i == 0, 4_000 + world.random.nextInt(1_000));
            world.run(1_000 * MILLI / 60);
        }
        world.run(2_000 * MILLI);
        assertThat(world.sender.stats().packets()).as("numbers wrap").isGreaterThan(0x100);
        List<Long> shown = world.received.stream().map(Received::sequence).toList();
        Set<Long> told = new TreeSet<>();
        for (Loss loss : world.losses) {
            assertThat(shown).as("the one before %s is there", loss).contains(loss.first() - 1);
            for (long unit = loss.first(); unit <= loss.last(); unit++) {
                told.add(unit);
            }
        }
        assertThat(shown).doesNotContainAnyElementsOf(told);
        assertThat(world.losses.stream().map(Loss::first).distinct().count())
                .as("outages told")
                .isGreaterThan(10);
    }

    @Test
    void a_packet_asked_for_and_out_of_the_history_is_told_by_its_unit_once_unless_a_key_frame_followed() {
        Simulation world = new Simulation(Units.fixed(0xFFFF_FFA0));
        world.stream(10, 20_000);
        world.run(1_100 * MILLI);
        world.stream(5, 20_000);
        nack(world, packetOf(world, 3));
        assertThat(world.losses).containsExactly(new Loss(3, 14));
        nack(world, packetOf(world, 3));
        nack(world, packetOf(world, 7));
        assertThat(world.losses).as("told").hasSize(1);
        nack(world, packetOf(world, 2));
        assertThat(world.losses).as("more").endsWith(new Loss(2, 14));
        nack(world, packetOf(world, 13));
        assertThat(world.losses).as("that one can be repaired").hasSize(2);
        world.send(true, 5_000);
        world.run(1_100 * MILLI);
        nack(world, packetOf(world, 1));
        assertThat(world.losses).as("nothing refers to it any more").hasSize(2);
    }

    @Test
    void a_packet_beyond_the_repair_budget_is_told_by_its_unit() {
        Simulation world = new Simulation(new SplittableRandom(1));
        world.stream(60, 60_000);
        world.run(100 * MILLI);
        int unit = 20;
        while (world.losses.isEmpty()) {
            assertThat(unit).as("asked for").isLessThan(60);
            for (int packet : packetsOf(world, unit)) {
                if (world.losses.isEmpty()) {
                    nack(world, packet);
                }
            }
            unit++;
        }
        assertThat(world.losses).containsExactly(new Loss(unit - 1, 59));
        assertThat(unit).as("some can be repaired").isGreaterThan(21);
    }

    @Test
    void whoever_only_begins_to_watch_has_lost_nothing_and_a_false_report_is_no_harm() {
        Simulation world = new Simulation(new SplittableRandom(1));
        world.stream(30, 20_000);
        world.run(100 * MILLI);
        world.send(false, 20_000); // on its way
        world.receiver.requestKeyFrame(world.now);
        world.run(100 * MILLI);
        assertThat(world.keyFrameWanted).isTrue();
        assertThat(world.losses).isEmpty();
        for (long shown : new long[] {30, 1_000, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            stuck(world, shown);
            assertThat(world.losses).as("stuck after %s", shown).isEmpty();
        }
        stuck(world, 0);
        assertThat(world.losses).containsExactly(new Loss(1, 30));
    }

    private static void stuck(Simulation world, long shown) {
        world.arrive(
                Units.copy(new RtcpWriter(1, "x")
                        .receiverReport(null)
                        .stuckAfter(shown)
                        .pictureLoss(Units.SSRC)
                        .finish()),
                false);
    }

    private static void nack(Simulation world, int packet) {
        world.arrive(
                Units.copy(new RtcpWriter(1, "x")
                        .receiverReport(null)
                        .nack(Units.SSRC, new int[] {packet << 16}, 1)
                        .finish()),
                false);
    }

    /** The last packet of a unit. */
    private static int packetOf(Simulation world, long unit) {
        return packetsOf(world, unit).getLast();
    }

    private static List<Integer> packetsOf(Simulation world, long unit) {
        List<Integer> packets = new ArrayList<>();
        RtpHeader header = new RtpHeader();
        long of = -1;
        for (byte[] datagram : world.toClient) {
            ByteBuffer packet = ByteBuffer.wrap(datagram);
            if (!RtpHeader.isRtcp(packet) && header.parse(packet) && header.ssrc == Units.SSRC) {
                StampExtension.Reading reading = StampExtension.read(packet, header);
                of = reading == null ? of : reading.sequence();
                if (of == unit) {
                    packets.add(header.sequence);
                }
            }
        }
        return packets;
    }

    /** 5 % lost, 10 % up to 3 ms late. */
    private long[] rough(byte[] datagram, long now) {
        return weather.nextInt(20) == 0
                ? new long[0]
                : new long[] {now + 10 * MILLI + (weather.nextInt(10) == 0 ? weather.nextInt(3_000_000) : 0)};
    }
}
