// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * IPv4 inside the tunnel (RFC 791), as far as this tunnel speaks it: UDP (RFC 768) and ICMP echo (RFC 792), never
 * fragmented. Stateless.
 */
final class InnerPacket {

    static final int IP_HEADER = 20;
    static final int UDP_HEADER = 8;
    static final int ICMP_HEADER = 8;
    static final int PROTOCOL_ICMP = 1;
    static final int PROTOCOL_UDP = 17;
    static final int ECHO_REPLY = 0;
    static final int ECHO_REQUEST = 8;

    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final int MORE_OR_OFFSET = 0x3FFF;
    private static final int HOPS = 64;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private InnerPacket() {}

    /** Writes an IPv4 header for {@code length} bytes in all. */
    static void header(byte[] to, int length, int protocol, int source, int target) {
        to[0] = 0x45;
        to[1] = 0;
        int16(to, 2, length);
        int16(to, 4, 0);
        int16(to, 6, DO_NOT_FRAGMENT);
        to[8] = HOPS;
        to[9] = (byte) protocol;
        int16(to, 10, 0);
        int32(to, 12, source);
        int32(to, 16, target);
        int16(to, 10, checksum(to, 0, IP_HEADER, 0));
    }

    /** Completes a UDP packet whose payload is in place; returns its length in all. */
    static int udp(byte[] to, int payload, int source, int sourcePort, int target, int targetPort) {
        int length = IP_HEADER + UDP_HEADER + payload;
        header(to, length, PROTOCOL_UDP, source, target);
        int16(to, IP_HEADER, sourcePort);
        int16(to, IP_HEADER + 2, targetPort);
        int16(to, IP_HEADER + 4, UDP_HEADER + payload);
        int16(to, IP_HEADER + 6, 0);
        int sum = udpChecksum(to, UDP_HEADER + payload);
        int16(to, IP_HEADER + 6, sum == 0 ? 0xFFFF : sum);
        return length;
    }

    /** Completes an ICMP echo whose identifier, sequence and data are in place; returns its length in all. */
    static int echo(byte[] to, int type, int length, int source, int target) {
        header(to, IP_HEADER + length, PROTOCOL_ICMP, source, target);
        to[IP_HEADER] = (byte) type;
        to[IP_HEADER + 1] = 0;
        int16(to, IP_HEADER + 2, 0);
        int16(to, IP_HEADER + 2, checksum(to, IP_HEADER, length, 0));
        return IP_HEADER + length;
    }

    /** Whether this is a whole, unfragmented IPv4 packet between these two; its length without padding, or -1. */
    static int check(byte[] packet, int available, int source, int target) {
        if (available < IP_HEADER || packet[0] != 0x45 || checksum(packet, 0, IP_HEADER, 0) != 0) {
            return -1;
        }
        int length = int16(packet, 2);
        boolean whole = length >= IP_HEADER && length <= available && (int16(packet, 6) & MORE_OR_OFFSET) == 0;
        return whole && int32(packet, 12) == source && int32(packet, 16) == target ? length : -1;
    }

    /** Whether the UDP header and checksum of a checked packet are right. */
    static boolean udpSound(byte[] packet, int length) {
        int udp = length - IP_HEADER;
        if (udp < UDP_HEADER || int16(packet, IP_HEADER + 4) != udp) {
            return false;
        }
        // Zero means that the sender made none (RFC 768); the tunnel's own tag vouches for the bytes.
        return int16(packet, IP_HEADER + 6) == 0 || udpChecksum(packet, udp) == 0;
    }

    static boolean icmpSound(byte[] packet, int length) {
        int icmp = length - IP_HEADER;
        return icmp >= ICMP_HEADER && checksum(packet, IP_HEADER, icmp, 0) == 0;
    }

    private static int udpChecksum(byte[] packet, int udp) {
        int pseudo = PROTOCOL_UDP + udp;
        for (int at = 12; at < IP_HEADER; at += 2) {
            pseudo += int16(packet, at);
        }
        return checksum(packet, IP_HEADER, udp, pseudo);
    }

    /** Ones' complement of the ones' complement sum (RFC 1071). */
    private static int checksum(byte[] data, int offset, int length, int start) {
        long sum = start;
        int end = offset + length;
        int at = offset;
        for (; at + 8 <= end; at += 8) { // 16-bit words may be summed in groups and folded afterwards
            long eight = (long) LONG.get(data, at);
            sum += (eight >>> 32) + (eight & 0xFFFF_FFFFL);
        }
        for (; at + 1 < end; at += 2) {
            sum += int16(data, at);
        }
        if (at < end) {
            sum += (data[at] & 0xFF) << 8;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) ~sum & 0xFFFF;
    }

    static int int16(byte[] from, int at) {
        return (from[at] & 0xFF) << 8 | (from[at + 1] & 0xFF);
    }

    static void int16(byte[] to, int at, int value) {
        to[at] = (byte) (value >>> 8);
        to[at + 1] = (byte) value;
    }

    static int int32(byte[] from, int at) {
        return int16(from, at) << 16 | int16(from, at + 2);
    }

    static void int32(byte[] to, int at, int value) {
        int16(to, at, value >>> 16);
        int16(to, at + 2, value);
    }
}
