// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.lib.wireguard.Blake2s;
import io.nvremote.lib.wireguard.Mac1;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Keys for mac1 and cookies, both made from a public key (whitepaper section 5.4.4). They prove that a sender knows whom
 * it writes to, no more. Stateless.
 */
final class Macs {

    private Macs() {}

    /** HASH("mac1----" || public key of the recipient). */
    static byte[] mac1Key(byte[] recipient) {
        return Mac1.key(recipient);
    }

    /** HASH("cookie--" || public key of who sends the cookie). */
    static byte[] cookieKey(byte[] sender) {
        return Blake2s.hash("cookie--".getBytes(StandardCharsets.US_ASCII), sender);
    }

    /** Where mac1 begins in a handshake message of this length; mac2 follows. */
    static int mac1At(int length) {
        return length - 2 * Protocol.MAC_LENGTH;
    }

    /** Whether the MAC of what precedes {@code at} stands there. Compares in constant time. */
    static boolean valid(byte[] key, byte[] message, int at) {
        byte[] found = new byte[Protocol.MAC_LENGTH];
        System.arraycopy(message, at, found, 0, found.length);
        return MessageDigest.isEqual(found, Blake2s.mac(key, message, 0, at));
    }

    static byte[] write(byte[] key, byte[] message, int at) {
        byte[] mac = Blake2s.mac(key, message, 0, at);
        System.arraycopy(mac, 0, message, at, mac.length);
        return mac;
    }
}
