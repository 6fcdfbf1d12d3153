// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.net.Inet4Address;

/**
 * An address inside the tunnels: of 10.100.0.0/16, neither its first nor its last. Of these 10.100.0.0/23 is for gateways and
 * other infrastructure, the rest for sessions. Whoever is told another one does not take it: it could be an address that the
 * machine reaches without the tunnel. Immutable.
 *
 * @param bits the four bytes, the first one highest
 */
public record TunnelAddress(int bits) {

    private static final int NETWORK = 10 << 24 | 100 << 16;
    private static final int HOST_BITS = 0xFFFF;

    public TunnelAddress {
        int host = bits & HOST_BITS;
        if ((bits & ~HOST_BITS) != NETWORK || host == 0 || host == HOST_BITS) {
            throw refused(dotted(bits));
        }
    }

    /**
     * Reads four numbers, the one form that each address has: no name, no leading zeros.
     *
     * @throws StreamException {@link CoreError#INVALID_VALUE}
     */
    public static TunnelAddress parse(String text) {
        if (!Endpoint.isIpv4(text)) {
            throw refused(text);
        }
        return of(Inet4Address.ofLiteral(text));
    }

    /**
     * Of an address of the JDK's.
     *
     * @throws StreamException {@link CoreError#INVALID_VALUE}
     */
    public static TunnelAddress of(Inet4Address address) {
        int bits = 0;
        for (byte part : address.getAddress()) {
            bits = (bits << 8) | (part & 0xFF);
        }
        return new TunnelAddress(bits);
    }

    /** For sockets. */
    public Inet4Address toInetAddress() {
        return Inet4Address.ofLiteral(toString());
    }

    /** Dotted, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return dotted(bits);
    }

    private static String dotted(int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }

    private static StreamException refused(String text) {
        return new StreamException(
                CoreError.INVALID_VALUE, "a tunnel address is 10.100.0.1 to 10.100.255.254: " + text);
    }
}
