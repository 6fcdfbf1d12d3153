// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import io.nvremote.core.TunnelAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class InnerNetworkTest {

    private static final int MTU = 1280;
    private static final int ME = 0x0A640001;
    private static final int PEER = 0x0A640002;

    private final List<byte[]> out = new ArrayList<>();
    private final List<byte[]> heard = new ArrayList<>();
    private final InnerNetwork network = new InnerNetwork(
            address(1),
            address(2),
            MTU,
            new InnerNetwork.Outlet() {
                @Override
                public boolean send(byte[] packet, int length) {
                    return out.add(Arrays.copyOf(packet, length));
                }

                @Override
                public int mtuBytes() {
                    return MTU;
                }
            },
            Clock.system());

    InnerNetworkTest() {
        network.bind(5004, (from, datagram) -> {
            byte[] bytes = new byte[datagram.remaining()];
            datagram.get(bytes);
            heard.add(bytes);
        });
    }

    private static TunnelAddress address(int last) {
        return TunnelAddress.parse("10.100.0." + last);
    }

    /** A packet of the peer with an odd payload, and room behind it. */
    private static byte[] udp() {
        byte[] packet = new byte[2048];
        for (int i = 0; i < 101; i++) {
            packet[28 + i] = (byte) i;
        }
        InnerPacket.udp(packet, 101, PEER, 6000, ME, 5004);
        return packet;
    }

    /** Changes the header and makes its checksum right again. */
    private static byte[] header(Consumer<byte[]> change) {
        byte[] packet = udp();
        change.accept(packet);
        InnerPacket.int16(packet, 10, 0);
        int sum = 0;
        for (int at = 0; at < 20; at += 2) {
            sum += InnerPacket.int16(packet, at);
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        InnerPacket.int16(packet, 10, ~((sum & 0xFFFF) + (sum >>> 16)));
        return packet;
    }

    @Test
    void a_packet_has_the_checksums_others_compute() {
        // Made by a Linux kernel on a TUN device: 10.100.0.2:6000 to 10.100.0.1:5004, "hello", identification 0x2d5b.
        byte[] theirs = HexFormat.of().parseHex("450000212d5b40004011f8a60a6400020a6400011770138c000d7c3b68656c6c6f");
        assertThat(InnerPacket.check(theirs, 33, PEER, ME)).isEqualTo(33);
        assertThat(InnerPacket.udpSound(theirs, 33)).isTrue();

        byte[] ours = new byte[33];
        System.arraycopy("hello".getBytes(StandardCharsets.US_ASCII), 0, ours, 28, 5);
        assertThat(InnerPacket.udp(ours, 5, PEER, 6000, ME, 5004)).isEqualTo(33);
        InnerPacket.int16(theirs, 4, 0);
        InnerPacket.int16(theirs, 10, 0xF8A6 + 0x2D5B + 1 - 0x10000); // the sum without the identification
        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void a_sound_datagram_arrives_with_and_without_padding() {
        assertThat(network.arrived(udp(), 129)).isTrue();
        assertThat(network.arrived(udp(), 144)).isTrue();
        assertThat(heard).hasSize(2).allMatch(bytes -> bytes.length == 101 && bytes[100] == 100);
        assertThat(network.receivedBytes()).isEqualTo(202);
    }

    @Test
    void a_datagram_without_a_checksum_is_taken() {
        byte[] packet = udp();
        InnerPacket.int16(packet, 26, 0);
        assertThat(network.arrived(packet, 144)).isTrue();
    }

    @Test
    void foreign_truncated_fragmented_and_damaged_packets_are_refused() {
        assertThat(network.arrived(header(p -> {}), 144))
                .as("the test's own checksum is right")
                .isTrue();
        heard.clear();
        for (int available = 0; available < 129; available++) {
            assertThat(network.arrived(udp(), available))
                    .as("cut to %d", available)
                    .isFalse();
        }
        assertThat(network.arrived(header(p -> InnerPacket.int32(p, 12, PEER + 1)), 144))
                .as("source")
                .isFalse();
        assertThat(network.arrived(header(p -> InnerPacket.int32(p, 16, ME + 8)), 144))
                .as("target")
                .isFalse();
        assertThat(network.arrived(header(p -> InnerPacket.int16(p, 6, 0x2000)), 144))
                .as("first fragment")
                .isFalse();
        assertThat(network.arrived(header(p -> InnerPacket.int16(p, 6, 1)), 144))
                .as("later fragment")
                .isFalse();
        assertThat(network.arrived(header(p -> p[0] = 0x46), 144)).as("options").isFalse();
        assertThat(network.arrived(header(p -> p[0] = 0x65), 144))
                .as("version 6")
                .isFalse();
        assertThat(network.arrived(header(p -> InnerPacket.int16(p, 2, 19)), 144))
                .as("shorter than itself")
                .isFalse();
        assertThat(network.arrived(header(p -> InnerPacket.int16(p, 2, 27)), 144))
                .as("no UDP header")
                .isFalse();
        assertThat(network.arrived(header(p -> InnerPacket.int16(p, 2, 140)), 144))
                .as("UDP length differs")
                .isFalse();
        assertThat(network.arrived(header(p -> p[9] = 6), 144)).as("TCP").isFalse();
        for (int at : new int[] {0, 8, 11, 15, 21, 23, 25, 27, 28, 128}) {
            byte[] damaged = udp();
            damaged[at] ^= 0x10;
            assertThat(network.arrived(damaged, 144)).as("damaged at " + at).isFalse();
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void a_datagram_for_a_closed_port_is_refused() {
        byte[] packet = new byte[200];
        InnerPacket.udp(packet, 10, PEER, 6000, ME, 5005);
        assertThat(network.arrived(packet, 48)).isFalse();
    }

    @Test
    void an_echo_request_is_answered_in_kind() {
        byte[] request = new byte[2048];
        request[24] = 0x12;
        request[27] = 7;
        request[60] = 99;
        int length = InnerPacket.echo(request, InnerPacket.ECHO_REQUEST, 41, PEER, ME);
        assertThat(network.arrived(request, 64)).isTrue();

        byte[] reply = out.getFirst();
        assertThat(InnerPacket.check(reply, reply.length, ME, PEER)).isEqualTo(length);
        assertThat(InnerPacket.icmpSound(reply, length)).isTrue();
        assertThat(reply[20]).isEqualTo((byte) InnerPacket.ECHO_REPLY);
        assertThat(Arrays.copyOfRange(reply, 24, length)).isEqualTo(Arrays.copyOfRange(request, 24, length));

        request[60] ^= 1;
        assertThat(network.arrived(request, 64)).as("a damaged one is not").isFalse();
        assertThat(out).hasSize(1);
    }

    @Test
    void an_echo_longer_than_the_mtu_is_refused_and_one_of_its_length_answered() {
        byte[] request = new byte[2048];
        InnerPacket.echo(request, InnerPacket.ECHO_REQUEST, MTU - 20, PEER, ME);
        assertThat(network.arrived(request, MTU)).isTrue();
        InnerPacket.echo(request, InnerPacket.ECHO_REQUEST, MTU - 19, PEER, ME);
        assertThat(network.arrived(request, 1300)).isFalse();
        InnerPacket.echo(request, InnerPacket.ECHO_REQUEST, 1900, PEER, ME);
        assertThat(network.arrived(request, 2000)).isFalse();
    }

    @Test
    void an_echo_reply_nobody_waits_for_is_refused() {
        byte[] reply = new byte[128];
        InnerPacket.echo(reply, InnerPacket.ECHO_REPLY, 32, PEER, ME);
        assertThat(network.arrived(reply, 64)).isFalse();
    }
}
