// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import org.jspecify.annotations.Nullable;

/** The initiator's half of one handshake: writes an initiation, reads the response. Used once, one thread. */
final class InitiatorHandshake {

    private final Identity identity;
    private final int index;
    private final byte[] ephemeral = Curve25519.newPrivateKey();
    private final NoiseState state;

    /** @param index the number by which the peer will address this side */
    InitiatorHandshake(Identity identity, int index) {
        this.identity = identity;
        this.index = index;
        this.state = NoiseState.begin(identity.peerPublicKey());
    }

    int index() {
        return index;
    }

    /** The initiation without its MACs. */
    byte[] initiation(byte[] timestamp) {
        byte[] message = new byte[Protocol.INITIATION_LENGTH];
        Protocol.int32(message, 0, Protocol.INITIATION);
        Protocol.int32(message, 4, index);
        byte[] ephemeralPublic = Curve25519.publicKey(ephemeral);
        System.arraycopy(ephemeralPublic, 0, message, 8, 32);
        state.mixChain(ephemeralPublic);
        state.mixHash(ephemeralPublic, 0, 32);
        byte[] key = state.mixKey(Curve25519.shared(ephemeral, identity.peerPublicKey()));
        state.seal(key, identity.publicKey(), message, 40);
        state.seal(state.mixKey(identity.staticShared()), timestamp, message, 88);
        return message;
    }

    /** The session's keys if the response is the peer's to this initiation; null otherwise, and it may still come. */
    @Nullable
    SessionKeys response(byte[] message, long now) {
        if (Protocol.int32(message, 8) != index) {
            return null;
        }
        NoiseState trial = state.copy();
        byte[] theirs = new byte[32];
        System.arraycopy(message, 12, theirs, 0, 32);
        trial.mixChain(theirs);
        trial.mixHash(theirs, 0, 32);
        if (!ResponderHandshake.mixShared(trial, ephemeral, theirs)
                || !ResponderHandshake.mixShared(trial, identity.privateKey(), theirs)
                || !trial.open(trial.mixPreShared(ResponderHandshake.NO_PRE_SHARED_KEY), message, 44, new byte[0])) {
            trial.wipe();
            return null;
        }
        byte[][] keys = trial.split();
        wipe();
        return new SessionKeys(new SessionKeys.Numbers(index, Protocol.int32(message, 4), true, now), keys[0], keys[1]);
    }

    void wipe() {
        Curve25519.wipe(ephemeral);
        state.wipe();
    }
}
