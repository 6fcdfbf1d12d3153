// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.io.Serial;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.ChaCha20ParameterSpec;

/**
 * ChaCha20-Poly1305 (RFC 8439 section 2.8) with one key in one direction: ChaCha20 by the JDK, over byte arrays, which its
 * intrinsics like best. A nonce must never come twice when sealing. One thread at a time.
 */
final class Aead {

    static final int TAG = 16;
    /** Result of {@link #open} for a message that is not authentic. */
    static final int FORGED = -1;

    static final byte[] NO_DATA = new byte[0];

    private static final int BLOCK = 64;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final Key key;
    private final Cipher cipher;
    private final int mode;
    private final byte[] nonce = new byte[12];
    private final Poly1305 poly = new Poly1305();
    /** The first block of the key stream; its first half is the one-time key. */
    private final byte[] block = new byte[BLOCK];

    private final byte[] expected = new byte[TAG];

    private Aead(byte[] key, int mode) {
        this.key = new Key(key);
        this.mode = mode;
        try {
            cipher = Cipher.getInstance("ChaCha20");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ChaCha20", e);
        }
    }

    /** Seals with this key; the array is taken over and wiped by {@link #wipe}. */
    static Aead sealing(byte[] key) {
        return new Aead(key, Cipher.ENCRYPT_MODE);
    }

    /** Opens with this key; the array is taken over and wiped by {@link #wipe}. */
    static Aead opening(byte[] key) {
        return new Aead(key, Cipher.DECRYPT_MODE);
    }

    /** The nonce of WireGuard: four zero bytes and a little-endian counter. */
    Aead nonce(long counter) {
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (counter >>> (8 * i));
        }
        return this;
    }

    /** The last 8 bytes of a nonce whose first four are zero. */
    Aead nonce(byte[] from, int offset) {
        System.arraycopy(from, offset, nonce, 4, 8);
        return this;
    }

    /** Seals under the nonce set before; returns the length with tag. */
    int seal(byte[] in, int offset, int length, byte[] data, byte[] out, int outOffset) {
        try {
            begin();
            cipher.doFinal(in, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing can't fail", e);
        }
        authenticate(data, out, outOffset, length, out, outOffset + length);
        return length + TAG;
    }

    /** Opens under the nonce set before; returns the length without tag, or {@link #FORGED}: then nothing was written. */
    int open(byte[] in, int offset, int length, byte[] data, byte[] out, int outOffset) {
        int plain = length - TAG;
        if (plain < 0) {
            return FORGED;
        }
        try {
            begin();
            authenticate(data, in, offset, plain, expected, 0);
            if (!same(expected, in, offset + plain)) {
                return FORGED;
            }
            cipher.doFinal(in, offset, plain, out, outOffset);
            return plain;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening fails by its tag alone", e);
        }
    }

    /** Makes the one-time key; the cipher stands at block 1 afterwards. */
    private void begin() throws GeneralSecurityException {
        cipher.init(mode, key, new ChaCha20ParameterSpec(nonce, 0));
        cipher.update(ZEROS, 0, BLOCK, block, 0);
        poly.begin(block);
        Curve25519.wipe(block);
    }

    private void authenticate(byte[] data, byte[] sealed, int offset, int length, byte[] tag, int tagOffset) {
        poly.padded(data, 0, data.length);
        poly.padded(sealed, offset, length);
        poly.lengths(data.length, length);
        poly.end(tag, tagOffset);
    }

    /** In a time that does not depend on where they differ. */
    private static boolean same(byte[] tag, byte[] in, int offset) {
        int difference = 0;
        for (int i = 0; i < TAG; i++) {
            difference |= tag[i] ^ in[offset + i];
        }
        return difference == 0;
    }

    /** Wipes the key, and by a last turn under a zero key the copy inside the cipher. The object is spent. */
    void wipe() {
        key.destroy();
        nonce(-1L);
        nonce[0] = 1; // a nonce no message has: sealing refuses the one it saw last
        try {
            cipher.init(mode, key, new ChaCha20ParameterSpec(nonce, 0));
        } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("a zero key is a key", e);
        }
    }

    /** A key that can really be wiped: SecretKeySpec can't. The cipher wipes the clones it gets. */
    private static final class Key implements SecretKey {

        @Serial
        private static final long serialVersionUID = 1L;

        private final byte[] bytes;

        Key(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public String getAlgorithm() {
            return "ChaCha20";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return bytes.clone();
        }

        @Override
        public void destroy() {
            Curve25519.wipe(bytes);
        }
    }
}
