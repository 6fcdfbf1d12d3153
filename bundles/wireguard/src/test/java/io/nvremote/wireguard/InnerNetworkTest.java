// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InnerNetworkTest {

    private final int mine = 0x0A640001;
    private final int peer = 0x0A640002;
    private final List<byte[]> out = new ArrayList<>();
    private final List<String> in = new ArrayList<>();
    private final InnerNetwork network = new InnerNetwork(
            address("10.100.0.1"),
            address("10.100.0.2"),
            1280,
            (packet, length) -> out.add(Arrays.copyOf(packet, length)),
            Clock.system());

    private static Inet4Address address(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private byte[] datagram(int source, int target, int port, int payload) {
        byte[] packet = new byte[1300];
        for (int i = 0; i < payload; i++) {
            packet[28 + i] = (byte) i;
        }
        return Arrays.copyOf(packet, InnerPacket.udp(packet, payload, source, 9, target, port));
    }

    private boolean arrived(byte[] packet) {
        return network.arrived(packet, packet.length);
    }

    @Test
    void a_datagram_for_an_open_port_is_delivered_without_its_padding() {
        network.bind(5004, (from, data) -> in.add(from + ":" + data.remaining()));
        byte[] packet = datagram(peer, mine, 5004, 33);
        assertThat(network.arrived(Arrays.copyOf(packet, 64), 64)).isTrue();
        assertThat(in).containsExactly("9:33");
        assertThat(packet[6]).as("do not fragment").isEqualTo((byte) 0x40);
    }

    @Test
    void what_is_not_for_us_from_our_peer_is_dropped() {
        network.bind(5004, (from, data) -> in.add("arrived"));
        assertThat(arrived(datagram(peer + 1, mine, 5004, 8))).as("another source").isFalse();
        assertThat(arrived(datagram(peer, mine + 1, 5004, 8))).as("another target").isFalse();
        assertThat(arrived(datagram(peer, mine, 5005, 8))).as("a closed port").isFalse();
        byte[] wrong = datagram(peer, mine, 5004, 8);
        wrong[30] ^= 1;
        assertThat(arrived(wrong)).as("a wrong checksum").isFalse();
        byte[] six = datagram(peer, mine, 5004, 8);
        six[0] = 0x60;
        assertThat(arrived(six)).as("not IPv4").isFalse();
        byte[] good = datagram(peer, mine, 5004, 8);
        for (int length = 0; length < good.length; length++) {
            assertThat(arrived(Arrays.copyOf(good, length))).as("cut to %d", length).isFalse();
        }
        assertThat(in).isEmpty();
    }

    @Test
    void fragments_are_dropped() {
        network.bind(5004, (from, data) -> in.add("arrived"));
        byte[] packet = datagram(peer, mine, 5004, 8);
        packet[6] = 0x20; // more fragments
        packet[10] = 0;
        packet[11] = 0;
        int sum = 0;
        for (int at = 0; at < 20; at += 2) {
            sum += InnerPacket.int16(packet, at);
        }
        InnerPacket.int16(packet, 10, ~((sum & 0xFFFF) + (sum >>> 16)));
        assertThat(arrived(packet)).isFalse();
        assertThat(in).isEmpty();
    }

    @Test
    void an_echo_request_is_answered_with_its_data() {
        byte[] request = new byte[100];
        for (int i = 24; i < 100; i++) {
            request[i] = (byte) i;
        }
        assertThat(InnerPacket.echo(request, InnerPacket.ECHO_REQUEST, 80, peer, mine)).isEqualTo(100);
        assertThat(arrived(request)).isTrue();
        assertThat(out).hasSize(1);
        byte[] reply = out.getFirst();
        assertThat(InnerPacket.check(reply, reply.length, mine, peer)).isEqualTo(100);
        assertThat(InnerPacket.icmpSound(reply, 100)).isTrue();
        assertThat(reply[20]).isZero();
        assertThat(Arrays.copyOfRange(reply, 24, 100)).isEqualTo(Arrays.copyOfRange(request, 24, 100));
    }
}
