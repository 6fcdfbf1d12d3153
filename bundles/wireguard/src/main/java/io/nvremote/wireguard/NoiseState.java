// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.lib.wireguard.Blake2s;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The symmetric state of a Noise_IKpsk2 handshake (whitepaper section 5.4): chaining key and transcript hash. One thread.
 */
final class NoiseState {

    private static final byte[] CONSTRUCTION =
            "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IDENTIFIER = "WireGuard v1 zx2c4 Jason@zx2c4.com".getBytes(StandardCharsets.US_ASCII);
    /** HASH(CONSTRUCTION). */
    static final byte[] INITIAL_CHAIN = Blake2s.hash(CONSTRUCTION);
    /** HASH(HASH(CONSTRUCTION) || IDENTIFIER). */
    static final byte[] INITIAL_HASH = Blake2s.hash(INITIAL_CHAIN, IDENTIFIER);

    private static final byte[] ONE = {1};
    private static final byte[] TWO = {2};
    private static final byte[] THREE = {3};

    private byte[] chain;
    private byte[] hash;

    private NoiseState(byte[] chain, byte[] hash) {
        this.chain = chain;
        this.hash = hash;
    }

    /** The state both sides begin with, given the responder's static key. */
    static NoiseState begin(byte[] responderPublicKey) {
        return new NoiseState(INITIAL_CHAIN.clone(), Blake2s.hash(INITIAL_HASH, responderPublicKey));
    }

    /** A copy to try a message on: a forged one must not spoil the state. */
    NoiseState copy() {
        return new NoiseState(chain.clone(), hash.clone());
    }

    void mixHash(byte[] message, int offset, int length) {
        hash = new Blake2s(Blake2s.LENGTH, new byte[0])
                .update(hash)
                .update(message, offset, length)
                .finish();
    }

    /** KDF1: moves the chaining key on. */
    void mixChain(byte[] input) {
        byte[] secret = Blake2s.hmac(chain, input);
        chain(Blake2s.hmac(secret, ONE));
        Curve25519.wipe(secret);
    }

    /** KDF2: moves the chaining key on and returns a key. The input, a shared secret, is wiped. */
    byte[] mixKey(byte[] shared) {
        byte[] secret = Blake2s.hmac(chain, shared);
        byte[] first = Blake2s.hmac(secret, ONE);
        byte[] key = Blake2s.hmac(secret, first, TWO);
        chain(first);
        Curve25519.wipe(secret, shared);
        return key;
    }

    /** KDF3 with the pre-shared key: moves the chaining key on, mixes the hash and returns a key. */
    byte[] mixPreShared(byte[] preShared) {
        byte[] secret = Blake2s.hmac(chain, preShared);
        byte[] first = Blake2s.hmac(secret, ONE);
        byte[] second = Blake2s.hmac(secret, first, TWO);
        byte[] key = Blake2s.hmac(secret, second, THREE);
        chain(first);
        mixHash(second, 0, second.length);
        Curve25519.wipe(secret, second);
        return key;
    }

    /** Encrypts under a key used once, with the hash as additional data; mixes what it wrote. The key is wiped. */
    void seal(byte[] key, byte[] plain, byte[] out, int offset) {
        Aead aead = Aead.sealing(key).nonce(0);
        int length = aead.seal(plain, 0, plain.length, hash, out, offset);
        aead.wipe();
        mixHash(out, offset, length);
    }

    /** The reverse of {@link #seal}; false if the message is not authentic. */
    boolean open(byte[] key, byte[] in, int offset, byte[] plain) {
        Aead aead = Aead.opening(key).nonce(0);
        int length = aead.open(in, offset, plain.length + Aead.TAG, hash, plain, 0);
        aead.wipe();
        mixHash(in, offset, plain.length + Aead.TAG);
        return length == plain.length;
    }

    /** The two transport keys: what the initiator sends with, and what it receives with. Spends the state. */
    byte[][] split() {
        byte[] secret = Blake2s.hmac(chain, Aead.NO_DATA);
        byte[] first = Blake2s.hmac(secret, ONE);
        byte[] second = Blake2s.hmac(secret, first, TWO);
        Curve25519.wipe(secret);
        wipe();
        return new byte[][] {first, second};
    }

    void wipe() {
        Arrays.fill(chain, (byte) 0);
        Arrays.fill(hash, (byte) 0);
    }

    private void chain(byte[] next) {
        Curve25519.wipe(chain);
        chain = next;
    }
}
