// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A Curve25519 key pair of one session. Whoever made it owns it until {@link TunnelProvider#open} takes it over; the
 * owner wipes it with {@link #close}. Safe for any thread.
 */
public final class TunnelKeys implements AutoCloseable {

    private final byte[] privateKey;
    private final byte[] publicKey;

    /** Takes both arrays over: do not keep them. */
    public TunnelKeys(byte[] privateKey, byte[] publicKey) {
        if (privateKey.length != 32 || publicKey.length != 32) {
            throw new StreamException(CoreError.INVALID_VALUE, "a tunnel key is 32 bytes");
        }
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** The 32 private bytes themselves, not a copy: for the tunnel's engine alone. */
    public byte[] privateKey() {
        return privateKey;
    }

    /** The public key as the wire writes it: base64 of 32 bytes, 44 characters. */
    public String publicKey() {
        return Base64.getEncoder().encodeToString(publicKey);
    }

    /** Wipes the private key. Idempotent. */
    @Override
    public void close() {
        Arrays.fill(privateKey, (byte) 0);
    }

    @Override
    public String toString() {
        return "TunnelKeys[" + publicKey() + "]";
    }
}
