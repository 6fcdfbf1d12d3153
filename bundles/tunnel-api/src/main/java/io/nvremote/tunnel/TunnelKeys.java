// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import java.util.Arrays;

/**
 * A Curve25519 key pair of one session. Whoever made it owns it until {@link TunnelProvider#open} takes it over; the
 * owner wipes it with {@link #close}. Safe for any thread.
 */
public final class TunnelKeys implements AutoCloseable {

    private final byte[] privateKey;
    private final TunnelPublicKey publicKey;

    /** Takes the 32 private bytes over: do not keep them. */
    public TunnelKeys(byte[] privateKey, TunnelPublicKey publicKey) {
        if (privateKey.length != 32) {
            throw new StreamException(CoreError.INVALID_VALUE, "a tunnel key is 32 bytes");
        }
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** The 32 private bytes themselves, not a copy: for the tunnel's engine alone. */
    public byte[] privateKey() {
        return privateKey;
    }

    /** What the peer is told. */
    public TunnelPublicKey publicKey() {
        return publicKey;
    }

    /** Wipes the private key. Idempotent. */
    @Override
    public void close() {
        Arrays.fill(privateKey, (byte) 0);
    }

    @Override
    public String toString() {
        return "TunnelKeys[" + publicKey + "]";
    }
}
