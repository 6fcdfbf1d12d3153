// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;

/**
 * The public key of one end of a tunnel: 32 bytes of Curve25519 (RFC 7748), little-endian, in the one form that each point has
 * (section 5 lets implementations take others as the same point, and whoever compares keys would not notice) and of no low
 * order (a tunnel with one has a key that everybody knows; section 6.1). Its text is that of WireGuard: base64, 44 characters.
 *
 * <p>The field's word is public key. It is the tunnel's here because {@code java.security.PublicKey}, of certificates and
 * tokens, is met in the same files. Immutable; nothing in it is secret.
 */
public final class TunnelPublicKey {

    private static final String WHAT = "a public key";
    private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    /** The u-coordinates of all points whose order divides 8, on the curve and its twist. */
    private static final Set<BigInteger> LOW_ORDER = Set.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            new BigInteger("325606250916557431795983626356110631294008115727848805560023387167927233504"),
            new BigInteger("39382357235489614581723060781553021112529911719440698176882885853963445705823"),
            PRIME.subtract(BigInteger.ONE));

    private final byte[] bytes;

    private TunnelPublicKey(byte[] bytes) {
        byte[] bigEndian = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bigEndian[i] = bytes[bytes.length - 1 - i];
        }
        BigInteger point = new BigInteger(1, bigEndian);
        if (point.compareTo(PRIME) >= 0) {
            throw new StreamException(CoreError.INVALID_VALUE, WHAT + " is not in its one form, below 2^255 - 19");
        }
        if (LOW_ORDER.contains(point)) {
            throw new StreamException(CoreError.INVALID_VALUE, WHAT + " is a point of low order");
        }
        this.bytes = bytes;
    }

    /**
     * Reads base64 of 32 bytes.
     *
     * @throws StreamException {@link CoreError#INVALID_VALUE} with the rule that the text breaks, without the text
     */
    public static TunnelPublicKey parse(String text) {
        return new TunnelPublicKey(KeyText.read(WHAT, text));
    }

    /**
     * Of the 32 bytes themselves, which are copied.
     *
     * @throws StreamException {@link CoreError#INVALID_VALUE}
     */
    public static TunnelPublicKey of(byte[] bytes) {
        return new TunnelPublicKey(KeyText.checked(WHAT, bytes.clone()));
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TunnelPublicKey key && Arrays.equals(bytes, key.bytes);
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
