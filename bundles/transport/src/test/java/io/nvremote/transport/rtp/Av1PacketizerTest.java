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

class Av1PacketizerTest {

    private static final int SEQUENCE_HEADER = 1;
    private static final int DELIMITER = 2;
    private static final int TILE_GROUP = 4;
    private static final int METADATA = 5;
    private static final int FRAME = 6;
    private static final int TILE_LIST = 8;

    private static List<byte[]> packetize(byte[] unit, int room) {
        return Packets.of(new Av1Packetizer(), unit, room);
    }

    /** An OBU with a size field. */
    private static byte[] obu(int type, byte... payload) {
        return obu(type, false, payload);
    }

    private static byte[] obu(int type, boolean extended, byte... payload) {
        ByteBuffer to = ByteBuffer.allocate(payload.length + 8);
        to.put((byte) (type << 3 | (extended ? 4 : 0) | 2));
        if (extended) {
            to.put((byte) 0x28);
        }
        Leb128.put(payload.length, to);
        return Units.copy(to.put(payload).flip());
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void a_key_frame_begins_a_sequence_and_its_delimiter_and_sizes_stay_behind() {
        byte[] unit = join(
                obu(DELIMITER), obu(SEQUENCE_HEADER, (byte) 7), obu(TILE_LIST, (byte) 9), obu(FRAME, (byte) 0x10, (byte)
                        1));
        assertThat(packetize(unit, 100)).containsExactly(Packets.hex("28" + "02" + "0807" + "301001"));
    }

    @Test
    void more_than_three_go_to_the_next_packet() {
        byte[] unit = join(
                obu(METADATA, (byte) 1), obu(METADATA, (byte) 2), obu(METADATA, (byte) 3), obu(FRAME, (byte) 0x30));
        assertThat(packetize(unit, 100))
                .containsExactly(
                        Packets.hex("30" + "02" + "2801" + "02" + "2802" + "2803"), Packets.hex("10" + "3030"));
    }

    @Test
    void what_does_not_fit_is_cut_anywhere() {
        byte[] unit = join(obu(FRAME, (byte) 0x30, (byte) 1, (byte) 2, (byte) 3, (byte) 4));
        assertThat(packetize(unit, 3))
                .containsExactly(Packets.hex("50" + "3030"), Packets.hex("d0" + "0102"), Packets.hex("90" + "0304"));
    }

    @Test
    void an_inter_frame_after_a_sequence_header_begins_no_sequence() {
        byte[] unit = join(obu(SEQUENCE_HEADER, (byte) 7), obu(FRAME, (byte) 0x30));
        assertThat(packetize(unit, 100).getFirst()[0] & 0x08).isZero();
    }

    @Test
    void an_obu_without_a_size_reaches_to_the_end() {
        assertThat(packetize(new byte[] {FRAME << 3, 0x30, 5}, 100)).containsExactly(Packets.hex("10" + "303005"));
    }

    @Test
    void any_unit_comes_out_of_the_assembler_as_it_went_in_but_for_its_delimiter() {
        SplittableRandom random = new SplittableRandom(7);
        Av1Assembler assembler = new Av1Assembler();
        for (int round = 0; round < 2_000; round++) {
            boolean key = random.nextBoolean();
            byte[] parts = join(
                    key
                            ? obu(SEQUENCE_HEADER, random.nextBoolean(), bytes(random, 1 + random.nextInt(20)))
                            : new byte[0],
                    random.nextInt(4) == 0 ? obu(METADATA, bytes(random, random.nextInt(300))) : new byte[0],
                    obu(FRAME, random.nextBoolean(), picture(random, key)),
                    random.nextBoolean() ? obu(TILE_GROUP, bytes(random, 1 + random.nextInt(40))) : new byte[0]);
            List<byte[]> payloads = packetize(join(obu(DELIMITER), parts), 8 + random.nextInt(1_200));
            assertThat(new Av1Format().beginsKey(payloads.getFirst(), payloads.getFirst().length))
                    .isEqualTo(key);
            assembler.begin(ByteBuffer.allocate(16));
            for (byte[] payload : payloads) {
                assertThat(assembler.add(payload, payload.length)).isTrue();
            }
            assertThat(assembler.whole()).isTrue();
            assertThat(assembler.key()).isEqualTo(key);
            assertThat(Units.copy(assembler.finish())).isEqualTo(parts);
        }
    }

    private static byte[] picture(RandomGenerator random, boolean key) {
        byte[] bytes = bytes(random, 1 + random.nextInt(5_000));
        bytes[0] = (byte) (key ? bytes[0] & 0x1F : (bytes[0] & 0x1F) | 0x20);
        return bytes;
    }

    private static byte[] bytes(RandomGenerator random, int number) {
        byte[] bytes = new byte[number];
        random.nextBytes(bytes);
        return bytes;
    }

    /** As senders of others put it: every length given, sizes in the headers. */
    @Test
    void lengths_of_all_and_sizes_inside_are_read_too() {
        Av1Assembler assembler = new Av1Assembler();
        assembler.begin(ByteBuffer.allocate(16));
        byte[] payload = Packets.hex("08" + "03" + "0a0107" + "02" + "3010");
        assertThat(assembler.add(payload, payload.length)).isTrue();
        assertThat(assembler.whole()).isTrue();
        assertThat(assembler.key()).isTrue();
        assertThat(Units.copy(assembler.finish()))
                .isEqualTo(join(obu(SEQUENCE_HEADER, (byte) 7), obu(FRAME, (byte) 0x10)));
    }

    @ParameterizedTest
    @CsvSource({
        "an aggregation header alone,          10",
        "going on with nothing begun,          90 3030",
        "fewer elements than counted,          20 02 3030",
        "an element past the end,              20 09 3030",
        "an element of nothing,                00 00",
        "a length that does not end,           00 ff",
        "a length of more than any unit,       00 ffffffff 01 30",
        "a size inside that is not the rest,   10 32 05 30",
        "a size inside that does not end,      10 32 ff",
        "an extension that is missing,         10 34",
    })
    void broken_payloads_are_refused(String what, String hex) {
        byte[] payload = Packets.hex(hex);
        Av1Assembler assembler = new Av1Assembler();
        assembler.begin(ByteBuffer.allocate(16));
        assertThat(assembler.add(payload, payload.length)).as(what).isFalse();
    }

    @Test
    void what_is_cut_has_to_go_on() {
        Av1Assembler assembler = new Av1Assembler();
        assembler.begin(ByteBuffer.allocate(16));
        assertThat(assembler.add(Packets.hex("50 3030"), 3)).isTrue();
        assertThat(assembler.whole()).isFalse();
        assertThat(assembler.add(Packets.hex("10 3030"), 3)).as("another").isFalse();
    }

    /** Whatever comes: no exception, and only units that hold what they say. */
    @Test
    void noise_is_refused_or_assembled_and_never_thrown() {
        SplittableRandom random = new SplittableRandom(13);
        for (Assembler assembler : List.of(new Av1Assembler(), new HevcAssembler(), new H264Assembler())) {
            for (int round = 0; round < 20_000; round++) {
                assembler.begin(ByteBuffer.allocate(8));
                boolean good = true;
                for (int i = random.nextInt(4); i >= 0 && good; i--) {
                    byte[] noise = bytes(random, 1 + random.nextInt(12));
                    good = assembler.add(noise, noise.length);
                }
                if (good && assembler.whole()) {
                    assertThat(assembler.finish().remaining()).isPositive();
                }
            }
        }
    }
}
