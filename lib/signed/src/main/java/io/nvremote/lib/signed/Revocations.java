// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.signed;

import io.nvremote.core.StreamException;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operator takes trust back from, beside the certificates that are trusted: certificates by serial number, publishers by the SHA-256 of
 * their public key, single files by the SHA-256 of their bytes. One a line, with a reason; {@code #} begins a remark:
 *
 * <pre>
 * serial 5f3a9c     left the company
 * key 9f86d0…       stolen on 2026-11-02
 * file 60303ae2…    sends pictures elsewhere
 * </pre>
 *
 * <p>A file that can't be read, or a line that can't, does not mean that nothing is revoked: what can be read holds, and nobody is let in until
 * all of it can. Immutable; safe for any thread.
 */
public final class Revocations {

    /** Name of the file among the trusted certificates. Where there is none nothing is revoked. */
    public static final String FILE = "revoked.txt";

    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern LINE =
            Pattern.compile("(serial|key|file)\\s+(?:0x|sha256:)?([0-9A-Fa-f:]+)(?:\\s+(.*))?");
    private static final int DIGEST_DIGITS = 64;

    private enum Kind {
        SERIAL("the certificate"),
        KEY("the key"),
        FILE("this file");

        private final String what;

        Kind(String what) {
            this.what = what;
        }
    }

    private record Entry(Kind kind, String value, String reason, int line) {}

    private final Path file;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    private Revocations(Path file) {
        this.file = file;
    }

    /** What is revoked now; the file is read whole, once. Throws nothing: what is wrong with it is {@link #wrong}. */
    public static Revocations of(Path folder) {
        Revocations read = new Revocations(folder.resolve(FILE));
        try {
            if (Files.size(read.file) > MAX_BYTES) {
                read.wrong.add("it has more than " + MAX_BYTES + " bytes");
            } else {
                read.lines(new String(Files.readAllBytes(read.file), StandardCharsets.UTF_8));
            }
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(read.file)) {
                read.wrong.add("it is a link to nothing");
            }
        } catch (IOException e) {
            read.wrong.add(e.getClass().getSimpleName());
        }
        return read;
    }

    static Revocations none() {
        return new Revocations(Path.of(FILE));
    }

    /** A file that is just being written is cut short, or empty. */
    private void lines(String text) {
        if (!text.endsWith("\n")) {
            wrong.add(
                    text.isEmpty()
                            ? "it is empty (a line with # says that nothing is revoked)"
                            : "its last line has no end");
        }
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && !content.startsWith("#")) {
                line(content, number);
            }
        }
    }

    private void line(String content, int number) {
        Matcher parts = LINE.matcher(content);
        if (!parts.matches()) {
            wrong.add(
                    "line " + number + " is not serial, key or file with a hexadecimal number: " + shortened(content));
            return;
        }
        Kind kind = Kind.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
        String value = parts.group(2).replace(":", "").toLowerCase(Locale.ROOT);
        if (kind == Kind.SERIAL) {
            value = value.replaceFirst("^0+(?=.)", "");
        } else if (value.length() != DIGEST_DIGITS) {
            wrong.add("line " + number + " has a SHA-256 of " + value.length() + " digits instead of " + DIGEST_DIGITS
                    + ": " + shortened(content));
            return;
        }
        if (value.isEmpty()) {
            wrong.add("line " + number + " has no number: " + shortened(content));
            return;
        }
        String reason = parts.group(3);
        entries.add(new Entry(kind, value, reason == null ? "" : reason.strip(), number));
    }

    private static String shortened(String line) {
        return line.length() > 80 ? line.substring(0, 80) + "…" : line;
    }

    /** What is wrong with the file, by line; empty: nothing is. */
    public List<String> wrong() {
        return List.copyOf(wrong);
    }

    /**
     * Throws if any of the file is wrong.
     *
     * @throws StreamException {@link UpdateError#REVOCATIONS_UNREADABLE}
     */
    public void check() {
        if (!wrong.isEmpty()) {
            throw new StreamException(
                    UpdateError.REVOCATIONS_UNREADABLE,
                    "what is revoked here can't be told: in " + file + " " + String.join("; ", wrong));
        }
    }

    /**
     * Why something is revoked; null: it is not.
     *
     * @param certificates of all who signed it, with those who issued theirs
     * @param sha256 of the file
     */
    public @Nullable String why(List<X509Certificate> certificates, String sha256) {
        for (Entry entry : entries) {
            String of =
                    switch (entry.kind()) {
                        case FILE -> entry.value().equals(sha256) ? "" : null;
                        case SERIAL ->
                            holder(certificates, entry, certificate -> certificate
                                    .getSerialNumber()
                                    .toString(16));
                        case KEY -> holder(certificates, entry, Revocations::keyDigest);
                    };
            if (of != null) {
                return entry.kind().what + of + " is revoked (" + file.getFileName() + ", line " + entry.line() + ")"
                        + (entry.reason().isEmpty() ? "" : ": " + entry.reason());
            }
        }
        return null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Revocations more && entries.equals(more.entries) && wrong.equals(more.wrong);
    }

    @Override
    public int hashCode() {
        return entries.hashCode() ^ wrong.hashCode();
    }

    private interface Mark {
        String of(X509Certificate certificate);
    }

    private static @Nullable String holder(List<X509Certificate> certificates, Entry entry, Mark mark) {
        for (X509Certificate certificate : certificates) {
            if (mark.of(certificate).equals(entry.value())) {
                return " of " + certificate.getSubjectX500Principal().getName();
            }
        }
        return null;
    }

    /** The SHA-256 of a certificate's public key (its SubjectPublicKeyInfo), as it is written in the file. */
    public static String keyDigest(X509Certificate certificate) {
        try {
            byte[] key = certificate.getPublicKey().getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
