// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.StreamException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The responder's half of one handshake: reads an initiation, writes the response. Used once, one thread. */
final class ResponderHandshake {

    /** Sessions have keys of their own, so that a pre-shared key would add a secret to carry and nothing else. */
    static final byte[] NO_PRE_SHARED_KEY = new byte[32];

    private final Identity identity;
    private final NoiseState state;
    private final byte[] theirEphemeral;
    private final byte[] timestamp;
    private final int theirIndex;

    private ResponderHandshake(
            Identity identity, NoiseState state, byte[] theirEphemeral, byte[] timestamp, int theirIndex) {
        this.identity = identity;
        this.state = state;
        this.theirEphemeral = theirEphemeral;
        this.timestamp = timestamp;
        this.theirIndex = theirIndex;
    }

    /** Reads an initiation; null if it is not an authentic one of our peer. */
    static @Nullable ResponderHandshake read(Identity identity, byte[] message) {
        NoiseState state = NoiseState.begin(identity.publicKey());
        byte[] theirs = new byte[32];
        System.arraycopy(message, 8, theirs, 0, 32);
        state.mixChain(theirs);
        state.mixHash(theirs, 0, 32);
        byte[] timestamp = new byte[Tai64n.LENGTH];
        if (readStatic(identity, state, theirs, message)
                && state.open(state.mixKey(identity.staticShared()), message, 88, timestamp)) {
            return new ResponderHandshake(identity, state, theirs, timestamp, Protocol.int32(message, 4));
        }
        state.wipe();
        return null;
    }

    private static boolean readStatic(Identity identity, NoiseState state, byte[] theirs, byte[] message) {
        byte[] shared;
        try {
            shared = Curve25519.shared(identity.privateKey(), theirs);
        } catch (StreamException e) {
            return false; // a key of small order is as good as a forged message
        }
        byte[] peer = new byte[32];
        return state.open(state.mixKey(shared), message, 40, peer)
                && MessageDigest.isEqual(peer, identity.peerPublicKey());
    }

    byte[] timestamp() {
        return timestamp;
    }

    /** Writes the response without its MACs into {@code message} and returns the session's keys. Spends the object. */
    @Nullable
    SessionKeys respond(int index, byte[] message, long now) {
        Protocol.int32(message, 0, Protocol.RESPONSE);
        Protocol.int32(message, 4, index);
        Protocol.int32(message, 8, theirIndex);
        byte[] ephemeral = Curve25519.newPrivateKey();
        byte[] ephemeralPublic = Curve25519.publicKey(ephemeral);
        System.arraycopy(ephemeralPublic, 0, message, 12, 32);
        state.mixChain(ephemeralPublic);
        state.mixHash(ephemeralPublic, 0, 32);
        boolean sound =
                mixShared(state, ephemeral, theirEphemeral) && mixShared(state, ephemeral, identity.peerPublicKey());
        Curve25519.wipe(ephemeral);
        if (!sound) {
            state.wipe();
            return null;
        }
        state.seal(state.mixPreShared(NO_PRE_SHARED_KEY), Aead.NO_DATA, message, 44);
        byte[][] keys = state.split();
        return new SessionKeys(new SessionKeys.Numbers(index, theirIndex, false, now), keys[1], keys[0]);
    }

    /** Mixes a Diffie-Hellman result into the chaining key; false if the public key has small order. */
    static boolean mixShared(NoiseState state, byte[] privateKey, byte[] publicKey) {
        try {
            byte[] shared = Curve25519.shared(privateKey, publicKey);
            state.mixChain(shared);
            Curve25519.wipe(shared);
            return true;
        } catch (StreamException e) {
            return false;
        }
    }
}
