// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Key of a MESSAGE-INTEGRITY attribute (HMAC-SHA1, RFC 8489 section 14.5). Immutable; never printed. */
public final class StunKey {

    /** Length of the tag in bytes. */
    static final int TAG_LENGTH = 20;

    private static final String ALGORITHM = "HmacSHA1";
    private static final int MIN_LENGTH = 16;
    private static final int MAX_LENGTH = 64;

    private final SecretKeySpec key;

    private StunKey(byte[] bytes) {
        key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /**
     * A key of 16 to 64 bytes; the array is copied.
     *
     * @throws StreamException {@link RelayError#BAD_TICKET}
     */
    public static StunKey of(byte[] bytes) {
        if (bytes.length < MIN_LENGTH || bytes.length > MAX_LENGTH) {
            throw new StreamException(RelayError.BAD_TICKET, "a ticket is 16 to 64 bytes: " + bytes.length);
        }
        return new StunKey(Arrays.copyOf(bytes, bytes.length));
    }

    /**
     * The key in a {@code relay_ticket}: its base64 text decoded.
     *
     * @throws StreamException {@link RelayError#BAD_TICKET}
     */
    public static StunKey ofTicket(Secret ticket) {
        try {
            return of(Base64.getDecoder().decode(ticket.reveal()));
        } catch (IllegalArgumentException e) {
            // The decoder's message quotes a character of the secret, so it stays out of ours.
            throw new StreamException(RelayError.BAD_TICKET, "a ticket is base64 text");
        }
    }

    /** The tag over the remaining bytes of all parts; positions stay. */
    byte[] tag(ByteBuffer... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (ByteBuffer part : parts) {
                mac.update(part.duplicate());
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StunKey that && MessageDigest.isEqual(key.getEncoded(), that.key.getEncoded());
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
