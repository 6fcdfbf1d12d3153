// SPDX-License-Identifier: Apache-2.0
package io.nvremote.forwarded;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * Some addresses that begin alike (RFC 4632). Immutable.
 *
 * @param first an address of the network
 * @param bits how many bits all have in common
 */
record Network(InetAddress first, int bits) {

    /** @throws IllegalArgumentException if the text is no address and no network */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int most = address.getAddress().length * 8;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        if (bits < 1 || bits > most) {
            throw new IllegalArgumentException(text + ": 1 to " + most + " bits");
        }
        return new Network(address, bits);
    }

    boolean holds(InetAddress address) {
        byte[] ours = first.getAddress();
        byte[] other = address.getAddress();
        int whole = bits / 8;
        if (other.length != ours.length || !Arrays.equals(ours, 0, whole, other, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((ours[whole] ^ other[whole]) & (0xff << (8 - rest))) == 0;
    }
}
