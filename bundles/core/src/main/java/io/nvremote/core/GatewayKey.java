// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.util.Arrays;

/**
 * What an offer carries as its gateway's public key: 32 bytes. Of a gateway that ends tunnels it is a {@link TunnelPublicKey};
 * one that only passes datagrams on has none and puts the SHA-256 of its certificate there, which need not be a point of any
 * curve. Immutable; nothing in it is secret.
 */
public final class GatewayKey {

    private static final String WHAT = "a gateway's key";

    private final byte[] bytes;

    private GatewayKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads base64 of 32 bytes.
     *
     * @throws StreamException {@link CoreError#INVALID_VALUE} with the rule that the text breaks, without the text
     */
    public static GatewayKey parse(String text) {
        return new GatewayKey(KeyText.read(WHAT, text));
    }

    /**
     * Of the 32 bytes themselves, which are copied.
     *
     * @throws StreamException {@link CoreError#INVALID_VALUE}
     */
    public static GatewayKey of(byte[] bytes) {
        return new GatewayKey(KeyText.checked(WHAT, bytes.clone()));
    }

    /** Whether it is this key of a tunnel's end. */
    public boolean is(TunnelPublicKey key) {
        return Arrays.equals(bytes, key.bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GatewayKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Base64, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return KeyText.write(bytes);
    }
}
