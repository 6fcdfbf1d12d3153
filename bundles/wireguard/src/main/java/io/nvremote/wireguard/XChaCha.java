// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): a key derived by HChaCha20 from the first 16 bytes of a 24-byte nonce,
 * and ChaCha20-Poly1305 with the other 8. Cookie replies need it. Stateless.
 */
final class XChaCha {

    static final int NONCE = 24;

    private XChaCha() {}

    static byte[] seal(byte[] key, byte[] nonce, byte[] plain, byte[] data) {
        byte[] out = new byte[plain.length + Aead.TAG];
        Aead aead = Aead.sealing(subkey(key, nonce)).nonce(nonce, 16);
        aead.seal(plain, 0, plain.length, data, out, 0);
        aead.wipe();
        return out;
    }

    /** Writes what {@code sealed} holds into {@code out}; false, with nothing written, if it is not authentic. */
    static boolean open(byte[] key, byte[] nonce, byte[] sealed, byte[] data, byte[] out) {
        Aead aead = Aead.opening(subkey(key, nonce)).nonce(nonce, 16);
        int length = aead.open(sealed, 0, sealed.length, data, out, 0);
        aead.wipe();
        return length != Aead.FORGED;
    }

    /** HChaCha20: twenty rounds without the final addition; the first and last four words are the key. */
    static byte[] subkey(byte[] key, byte[] nonce) {
        ByteBuffer in = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        in.put(key).put(nonce, 0, 16).flip();
        int[] x = new int[16];
        x[0] = 0x61707865;
        x[1] = 0x3320646e;
        x[2] = 0x79622d32;
        x[3] = 0x6b206574;
        for (int i = 4; i < 16; i++) {
            x[i] = in.getInt();
        }
        for (int i = 0; i < 10; i++) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 1, 5, 9, 13);
            quarter(x, 2, 6, 10, 14);
            quarter(x, 3, 7, 11, 15);
            quarter(x, 0, 5, 10, 15);
            quarter(x, 1, 6, 11, 12);
            quarter(x, 2, 7, 8, 13);
            quarter(x, 3, 4, 9, 14);
        }
        ByteBuffer out = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) {
            out.putInt(x[i < 4 ? i : i + 8]);
        }
        return out.array();
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[a] += x[b];
        x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
        x[c] += x[d];
        x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
        x[a] += x[b];
        x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
        x[c] += x[d];
        x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
    }
}
