// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import org.jspecify.annotations.Nullable;

/**
 * Puts mac1 and, while there is a cookie of the peer, mac2 on handshake messages; takes cookies from cookie replies
 * (whitepaper section 5.4.7). Guarded by its owner.
 */
final class CookieJar {

    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private byte @Nullable [] lastMac1;
    private byte @Nullable [] cookie;
    private long cookieAt;

    CookieJar(byte[] peerPublicKey) {
        mac1Key = Macs.mac1Key(peerPublicKey);
        cookieKey = Macs.cookieKey(peerPublicKey);
    }

    /** Completes a handshake message. */
    void stamp(byte[] message, long now) {
        int at = Macs.mac1At(message.length);
        lastMac1 = Macs.write(mac1Key, message, at);
        if (cookie != null && now - cookieAt < Protocol.COOKIE_USE) {
            Macs.write(cookie, message, at + Protocol.MAC_LENGTH);
        }
    }

    /** Takes a cookie reply to the message stamped last; false if it is not authentic. */
    boolean take(byte[] reply, long now) {
        if (lastMac1 == null) {
            return false;
        }
        byte[] nonce = new byte[XChaCha.NONCE];
        byte[] sealed = new byte[Protocol.MAC_LENGTH + Aead.TAG];
        byte[] fresh = new byte[Protocol.MAC_LENGTH];
        System.arraycopy(reply, 8, nonce, 0, nonce.length);
        System.arraycopy(reply, 32, sealed, 0, sealed.length);
        if (!XChaCha.open(cookieKey.clone(), nonce, sealed, lastMac1, fresh)) {
            return false;
        }
        cookie = fresh;
        cookieAt = now;
        lastMac1 = null;
        return true;
    }
}
