// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HevcPacketizerTest {

    private static final int VPS = 32;
    private static final int SPS = 33;
    private static final int PPS = 34;
    private static final int AUD = 35;
    private static final int IDR = 19;
    private static final int TRAIL = 1;

    /** A header with layer 0 and temporal id 1. */
    private static byte[] nal(int type, int... bytes) {
        byte[] nal = new byte[2 + bytes.length];
        nal[0] = (byte) (type << 1);
        nal[1] = 1;
        for (int i = 0; i < bytes.length; i++) {
            nal[2 + i] = (byte) bytes[i];
        }
        return nal;
    }

    private static byte[] annexB(byte[]... nals) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] nal : nals) {
            out.writeBytes(new byte[] {0, 0, 0, 1});
            out.writeBytes(nal);
        }
        return out.toByteArray();
    }

    private static List<byte[]> packetize(byte[] unit, int room) {
        return Packets.of(new HevcPacketizer(), unit, room);
    }

    @Test
    void small_neighbours_travel_together_under_the_lowest_layer_and_temporal_id() {
        byte[] high = {SPS << 1 | 1, (byte) (2 << 3 | 3), 7}; // layer 34, temporal id 3
        byte[] low = {PPS << 1, 3 << 3 | 2, 8}; // layer 3, temporal id 2
        assertThat(packetize(annexB(high, low), 100)).containsExactly(new byte[] {
            48 << 1, 3 << 3 | 2, 0, 3, SPS << 1 | 1, (byte) (2 << 3 | 3), 7, 0, 3, PPS << 1, 3 << 3 | 2, 8
        });
    }

    @Test
    void one_nal_unit_that_fits_travels_as_it_is() {
        assertThat(packetize(annexB(nal(TRAIL, 1, 2)), 4)).containsExactly(nal(TRAIL, 1, 2));
    }

    @Test
    void a_large_nal_unit_is_cut_with_start_and_end_marked() {
        assertThat(packetize(annexB(nal(IDR, 1, 2, 3, 4, 5)), 5))
                .containsExactly(
                        new byte[] {49 << 1, 1, (byte) (0x80 | IDR), 1, 2},
                        new byte[] {49 << 1, 1, IDR, 3, 4},
                        new byte[] {49 << 1, 1, 0x40 | IDR, 5});
    }

    @Test
    void any_unit_comes_out_of_the_assembler_as_it_went_in() {
        SplittableRandom random = new SplittableRandom(5);
        HevcAssembler assembler = new HevcAssembler();
        for (int round = 0; round < 2_000; round++) {
            boolean key = random.nextBoolean();
            byte[] picture = nal(key ? IDR : TRAIL, bytes(random, 1 + random.nextInt(5_000)));
            byte[] unit = key
                    ? annexB(
                            nal(AUD, 0x50),
                            nal(VPS, bytes(random, 20)),
                            nal(SPS, bytes(random, 30)),
                            nal(PPS, bytes(random, 5)),
                            picture)
                    : annexB(nal(AUD, 0x50), picture);
            List<byte[]> payloads = packetize(unit, 20 + random.nextInt(1_200));
            assertThat(new HevcFormat().beginsKey(payloads.getFirst(), payloads.getFirst().length))
                    .as("round %d", round)
                    .isEqualTo(key && payloads.getFirst().length > 5);
            assembler.begin(ByteBuffer.allocate(16));
            for (byte[] payload : payloads) {
                assertThat(assembler.add(payload, payload.length)).isTrue();
            }
            assertThat(assembler.whole()).isTrue();
            assertThat(assembler.key()).isEqualTo(key);
            assertThat(Units.copy(assembler.finish())).isEqualTo(unit);
        }
    }

    private static int[] bytes(RandomGenerator random, int number) {
        return random.ints(number, 1, 256).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "half a header,                      02",
        "an aggregate of nothing,            6001",
        "an aggregate past its end,          6001 0009 02",
        "an aggregate of less than a header, 6001 0001 02",
        "an aggregate with a byte too many,  6001 0003 020101 00",
        "a middle without a start,           6201 05 01",
        "an end without a start,             6201 45 01",
        "start and end at once,              6201 c5 01",
        "a fragment of nothing,              6201 85",
        "a PACI packet,                      6401 0101",
        "an unspecified type,                7e01 0101",
    })
    void broken_payloads_are_refused(String what, String hex) {
        byte[] payload = Packets.hex(hex);
        HevcAssembler assembler = new HevcAssembler();
        assembler.begin(ByteBuffer.allocate(16));
        assertThat(assembler.add(payload, payload.length)).as(what).isFalse();
    }

    @Test
    void nothing_else_comes_inside_a_fragment() {
        HevcAssembler assembler = new HevcAssembler();
        assembler.begin(ByteBuffer.allocate(16));
        assertThat(assembler.add(Packets.hex("6201 81 01"), 4)).isTrue();
        assertThat(assembler.whole()).isFalse();
        assertThat(assembler.add(Packets.hex("0201 01"), 3)).as("a unit").isFalse();
        assertThat(assembler.add(Packets.hex("6201 93 01"), 4))
                .as("another start")
                .isFalse();
        assertThat(assembler.add(Packets.hex("6201 53 01"), 4))
                .as("the end of another type")
                .isFalse();
        assertThat(assembler.add(Packets.hex("6201 41 02"), 4)).isTrue();
        assertThat(assembler.whole()).isTrue();
    }
}
