// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.answers;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.rest.KeptAnswers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Answers as they are kept: some have secrets, which are nowhere else than with whoever got them. Sealed with AES-GCM under a key that
 * is not in the database, each for its own row. Immutable; safe for any thread.
 */
final class Seal {

    static final int KEY_LENGTH = 32;

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    Seal(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /** @param row what the answer belongs to; in no other place can it be opened */
    byte[] seal(byte[] row, KeptAnswers.Answer answer) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, row, bytes(answer)).orElseThrow();
        byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return all;
    }

    /** Empty for what this key did not seal for this row. */
    Optional<KeptAnswers.Answer> open(byte[] row, byte[] sealed) {
        if (sealed.length <= NONCE) {
            return Optional.empty();
        }
        return crypt(
                        Cipher.DECRYPT_MODE,
                        Arrays.copyOf(sealed, NONCE),
                        row,
                        Arrays.copyOfRange(sealed, NONCE, sealed.length))
                .map(Seal::answer);
    }

    private Optional<byte[]> crypt(int mode, byte[] nonce, byte[] row, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(row);
            return Optional.of(cipher.doFinal(text));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new StreamException(CoreError.INTERNAL, "every Java platform has AES-GCM", e);
        }
    }

    private static byte[] bytes(KeptAnswers.Answer answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(answer.status());
            write(out, answer.location());
            write(out, answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable String part) throws IOException {
        byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
        out.writeInt(part == null ? -1 : bytes.length);
        out.write(bytes);
    }

    private static KeptAnswers.Answer answer(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new KeptAnswers.Answer(in.readUnsignedShort(), read(in), read(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // we sealed it: it is whole
        }
    }

    private static @Nullable String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
