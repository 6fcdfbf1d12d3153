// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.broker.BrokerError;
import io.nvremote.core.StreamException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Set;

/**
 * Which Curve25519 public keys are taken: in the one form that each point has (RFC 7748 section 5 lets implementations take
 * others as the same point, and whoever compares texts would not notice), of no low order (a tunnel with one has a key that
 * everybody knows; RFC 7748 section 6.1), and nobody else's.
 */
final class PublicKeys {

    private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    /** The u-coordinates of all points whose order divides 8, on the curve and its twist. */
    private static final Set<BigInteger> LOW_ORDER = Set.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            new BigInteger("325606250916557431795983626356110631294008115727848805560023387167927233504"),
            new BigInteger("39382357235489614581723060781553021112529911719440698176882885853963445705823"),
            PRIME.subtract(BigInteger.ONE));

    private PublicKeys() {}

    /**
     * Returns for a usable key.
     *
     * @param key base64 of 32 bytes, little-endian
     * @throws StreamException {@link BrokerError#KEY_REFUSED} with the rule that it breaks
     */
    static void check(String key) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            throw new StreamException(BrokerError.KEY_REFUSED, "a public key is not base64", e);
        }
        if (bytes.length != 32 || !Base64.getEncoder().encodeToString(bytes).equals(key)) {
            throw new StreamException(BrokerError.KEY_REFUSED, "a public key is not the base64 of 32 bytes");
        }
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = bytes[31 - i];
        }
        BigInteger point = new BigInteger(1, bigEndian);
        if (point.compareTo(PRIME) >= 0) {
            throw new StreamException(BrokerError.KEY_REFUSED, "a public key is not in its one form, below 2^255 - 19");
        }
        if (LOW_ORDER.contains(point)) {
            throw new StreamException(BrokerError.KEY_REFUSED, "a public key is a point of low order");
        }
    }

    /** Refuses a key that is another party's, named by {@code whose}. */
    static void checkNot(String key, String other, String whose) {
        if (key.equals(other)) {
            throw new StreamException(BrokerError.KEY_REFUSED, "a public key is " + whose + ": make one of your own");
        }
    }
}
