// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.lib.wireguard.Blake2s;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the costly part of a handshake: checks mac1, and under load asks the sender to prove its address by a
 * cookie (whitepaper section 5.3). Guarded by its owner.
 */
final class CookieGate {

    /** What to do with a handshake message. */
    enum Verdict {
        PASS,
        ASK_COOKIE,
        DROP
    }

    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private final SecureRandom random = new SecureRandom();
    private final HandshakeLoad load = new HandshakeLoad();
    private final byte[] secret = new byte[32];
    private long secretAt;
    private boolean secretMade;

    CookieGate(byte[] publicKey) {
        mac1Key = Macs.mac1Key(publicKey);
        cookieKey = Macs.cookieKey(publicKey);
    }

    Verdict check(byte[] message, @Nullable InetSocketAddress from, long now) {
        int at = Macs.mac1At(message.length);
        if (from == null || !Macs.valid(mac1Key, message, at)) {
            return Verdict.DROP;
        }
        if (!load.heavy(now)) {
            return Verdict.PASS;
        }
        byte[] cookie = cookie(from, now);
        boolean proven = Macs.valid(cookie, message, at + Protocol.MAC_LENGTH);
        Curve25519.wipe(cookie);
        if (!proven) {
            return Verdict.ASK_COOKIE;
        }
        return load.allowed(from.getAddress(), now) ? Verdict.PASS : Verdict.DROP;
    }

    /** The cookie reply to a handshake message. */
    byte[] reply(byte[] message, InetSocketAddress from, long now) {
        byte[] reply = new byte[Protocol.COOKIE_REPLY_LENGTH];
        Protocol.int32(reply, 0, Protocol.COOKIE_REPLY);
        System.arraycopy(message, 4, reply, 4, 4);
        byte[] nonce = new byte[XChaCha.NONCE];
        random.nextBytes(nonce);
        byte[] mac1 = new byte[Protocol.MAC_LENGTH];
        System.arraycopy(message, Macs.mac1At(message.length), mac1, 0, mac1.length);
        byte[] cookie = cookie(from, now);
        byte[] sealed = XChaCha.seal(cookieKey.clone(), nonce, cookie, mac1);
        Curve25519.wipe(cookie);
        System.arraycopy(nonce, 0, reply, 8, nonce.length);
        System.arraycopy(sealed, 0, reply, 32, sealed.length);
        return reply;
    }

    /** MAC of the sender's address and port under a secret that changes every two minutes. */
    private byte[] cookie(InetSocketAddress from, long now) {
        if (!secretMade || now - secretAt >= Protocol.COOKIE_LIFE) {
            random.nextBytes(secret);
            secretAt = now;
            secretMade = true;
        }
        byte[] address = from.getAddress().getAddress();
        byte[] source = new byte[address.length + 2];
        System.arraycopy(address, 0, source, 0, address.length);
        source[address.length] = (byte) (from.getPort() >>> 8);
        source[address.length + 1] = (byte) from.getPort();
        return Blake2s.mac(secret, source, 0, source.length);
    }

    void wipe() {
        Curve25519.wipe(secret);
    }
}
