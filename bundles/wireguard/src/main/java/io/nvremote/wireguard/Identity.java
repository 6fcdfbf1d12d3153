// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.TunnelPublicKey;
import io.nvremote.path.PathListener;
import io.nvremote.path.PathOutput;
import io.nvremote.path.PathProvider;
import io.nvremote.path.PathSelection;
import io.nvremote.path.PathSpec;
import io.nvremote.tunnel.TunnelKeys;

/** The static keys of a session: mine, the peer's public one, and the secret they share. Immutable until wiped. */
final class Identity {

    private final TunnelKeys keys;
    private final byte[] publicKey;
    private final byte[] peerPublicKey;
    private final byte[] shared;

    private Identity(TunnelKeys keys, byte[] publicKey, byte[] peerPublicKey, byte[] shared) {
        this.keys = keys;
        this.publicKey = publicKey;
        this.peerPublicKey = peerPublicKey;
        this.shared = shared;
    }

    /** Makes the shared secret. */
    static Identity of(TunnelKeys keys, TunnelPublicKey peerPublicKey) {
        byte[] peer = peerPublicKey.bytes();
        return new Identity(keys, keys.publicKey().bytes(), peer, Curve25519.shared(keys.privateKey(), peer));
    }

    byte[] privateKey() {
        return keys.privateKey();
    }

    byte[] publicKey() {
        return publicKey;
    }

    byte[] peerPublicKey() {
        return peerPublicKey;
    }

    /** Begins the paths of this session, whose probes are signed by what the two static keys share. */
    PathSelection open(PathProvider paths, PathSpec spec, PathOutput output, PathListener listener, long now) {
        return paths.open(spec, shared, output, listener, now);
    }

    /** A copy of the static-static secret; the taker wipes it. */
    byte[] staticShared() {
        return shared.clone();
    }

    void wipe() {
        keys.close();
        Curve25519.wipe(shared);
    }
}
