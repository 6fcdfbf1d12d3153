// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.audit;

import io.nvremote.audit.AuditPosition;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.keys.SharedKeys;
import io.nvremote.rest.RestError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of the log ended, as a text that only this control plane makes, and that is good for the same question alone: with
 * another organisation, range or filter it is refused. Good also after a restart, and at every process that has the same keys.
 * Safe for any thread.
 */
final class AuditCursors {

    static final String NAME = "audit-cursor.key";

    private static final String LABEL = "nvremote audit cursor 1\0";
    private static final int KEY_LENGTH = 32;
    private static final int PLACE = 2 * Long.BYTES;
    private static final int SEAL = 16;

    private final SharedKeys keys;
    private @Nullable SecretKeySpec key;

    AuditCursors(SharedKeys keys) {
        this.keys = keys;
    }

    /** Not before it is asked for: a resource that fails at its start, on a full disk, is never tried again. */
    private synchronized SecretKeySpec key() {
        SecretKeySpec known = key;
        if (known == null) {
            known = new SecretKeySpec(keys.random(NAME, KEY_LENGTH), "HmacSHA256");
            key = known;
        }
        return known;
    }

    /** @param question whatever the answer depends on */
    String write(String question, AuditPosition end) {
        byte[] place = ByteBuffer.allocate(PLACE)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, end.at()))
                .putLong(end.sequence())
                .array();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(PLACE + SEAL)
                        .put(place)
                        .put(seal(question, place))
                        .array());
    }

    /** Null for null: the first page. */
    @Nullable
    AuditPosition read(String question, @Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        byte[] bytes = bytes(cursor);
        byte[] place = Arrays.copyOf(bytes, PLACE);
        if (bytes.length != PLACE + SEAL
                || !MessageDigest.isEqual(seal(question, place), Arrays.copyOfRange(bytes, PLACE, bytes.length))) {
            throw new StreamException(
                    RestError.FIELD_INVALID, "cursor must be next of a page of the same range and filters");
        }
        ByteBuffer values = ByteBuffer.wrap(place);
        return new AuditPosition(Instant.EPOCH.plus(values.getLong(), ChronoUnit.MICROS), values.getLong());
    }

    private static byte[] bytes(String cursor) {
        try {
            return Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // no cursor, as any other that is not ours
        }
    }

    private byte[] seal(String question, byte[] place) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key());
            mac.update((LABEL + question + '\0').getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(place), SEAL);
        } catch (GeneralSecurityException e) {
            throw new StreamException(CoreError.INTERNAL, "every Java platform has HmacSHA256", e);
        }
    }
}
