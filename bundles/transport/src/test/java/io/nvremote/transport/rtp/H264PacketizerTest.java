// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class H264PacketizerTest {

    private final List<byte[]> payloads = new ArrayList<>();

    private void packetize(byte[] unit, int room) {
        payloads.clear();
        new H264Packetizer().packetize(ByteBuffer.wrap(unit), new Packetizer.Output() {
            @Override
            public ByteBuffer open() {
                return ByteBuffer.allocate(room);
            }

            @Override
            public void close(ByteBuffer packet) {
                payloads.add(Units.copy(packet.flip()));
            }
        });
    }

    private static byte[] annexB(byte[]... nals) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] nal : nals) {
            out.writeBytes(new byte[] {0, 0, 1});
            out.writeBytes(nal);
        }
        return out.toByteArray();
    }

    @Test
    void small_neighbours_travel_together_with_the_highest_importance() {
        packetize(annexB(new byte[] {9, 16}, new byte[] {0x67, 1, 2}, new byte[] {0x68, 3}), 100);
        assertThat(payloads).containsExactly(new byte[] {0x60 | 24, 0, 2, 9, 16, 0, 3, 0x67, 1, 2, 0, 2, 0x68, 3});
    }

    @Test
    void one_nal_unit_that_fits_travels_as_it_is() {
        packetize(annexB(new byte[] {0x65, 1, 2, 3}), 4);
        assertThat(payloads).containsExactly(new byte[] {0x65, 1, 2, 3});
    }

    @Test
    void a_large_nal_unit_is_cut_with_start_and_end_marked() {
        packetize(annexB(new byte[] {0x65, 1, 2, 3, 4}), 4);
        assertThat(payloads).containsExactly(new byte[] {0x7C, (byte) 0x85, 1, 2}, new byte[] {0x7C, 0x45, 3, 4});
    }

    @Test
    void zero_bytes_around_start_codes_belong_to_no_nal_unit() {
        packetize(new byte[] {0, 0, 0, 1, 0x41, 7, 0, 0, 0, 0, 1, 0x41, 8, 0, 0}, 100);
        assertThat(payloads).containsExactly(new byte[] {0x40 | 24, 0, 2, 0x41, 7, 0, 2, 0x41, 8});
    }

    @Test
    void bytes_without_a_start_code_are_no_packets() {
        packetize(new byte[] {1, 2, 3, 4, 5}, 100);
        assertThat(payloads).isEmpty();
    }

    @Test
    void any_unit_comes_out_of_the_assembler_as_it_went_in() {
        SplittableRandom random = new SplittableRandom(3);
        H264Assembler assembler = new H264Assembler();
        for (int round = 0; round < 2_000; round++) {
            byte[] unit = Units.bytes(random, random.nextBoolean(), 1 + random.nextInt(5_000));
            packetize(unit, 20 + random.nextInt(1_200));
            assembler.begin(ByteBuffer.allocate(16));
            for (byte[] payload : payloads) {
                assertThat(assembler.add(payload, payload.length)).isTrue();
            }
            assertThat(assembler.whole()).isTrue();
            assertThat(Units.copy(assembler.finish())).isEqualTo(unit);
        }
    }

    @Test
    void broken_payloads_are_refused() {
        H264Assembler assembler = new H264Assembler();
        assertThat(assembler.add(new byte[] {24, 0, 9, 1}, 4))
                .as("aggregate past its end")
                .isFalse();
        assertThat(assembler.add(new byte[] {24, 0, 0}, 3))
                .as("aggregate of nothing")
                .isFalse();
        assertThat(assembler.add(new byte[] {28, 5, 1}, 3))
                .as("middle without start")
                .isFalse();
        assertThat(assembler.add(new byte[] {28, (byte) 0xC5, 1}, 3))
                .as("start and end at once")
                .isFalse();
        assertThat(assembler.add(new byte[] {30, 1}, 2)).as("unknown type").isFalse();
        assertThat(assembler.add(new byte[] {28, (byte) 0x85, 1}, 3)).isTrue();
        assertThat(assembler.whole()).as("an open fragment").isFalse();
        assertThat(assembler.add(new byte[] {0x41, 1}, 2))
                .as("another unit inside a fragment")
                .isFalse();
    }
}
