// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.SignInRequest;
import io.nvremote.core.UserId;
import io.nvremote.core.UuidV7;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one-time codes that clients exchange for tokens. A code that was spent is remembered for a while, so that a second use
 * can take back what the first gave (RFC 6749 section 4.1.2), also while the first is still being served. At most
 * {@value #LIMIT}, the oldest go. Time is the caller's, in monotonic nanoseconds. Safe for any thread.
 */
final class OneTimeCodes {

    static final Duration LIFETIME = Duration.ofSeconds(60);
    static final int LIMIT = 10_000;

    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Whom a code is for. */
    record Ticket(SignInRequest request, UserId user) {}

    /** What a code that was shown stands for. */
    sealed interface Use {

        /** Its first use: the sign-in it gives has this id. */
        record First(Ticket ticket, UUID signIn) implements Use {}

        /** Used before, for this sign-in. */
        record Again(UUID signIn) implements Use {}

        /** No code of ours, or too old. */
        record Unknown() implements Use {}
    }

    private static final class Entry {
        final Ticket ticket;
        final long madeNanos;

        @Nullable
        UUID signIn;

        boolean cameAgain;

        Entry(Ticket ticket, long madeNanos) {
            this.ticket = ticket;
            this.madeNanos = madeNanos;
        }
    }

    /** A code for this user. */
    synchronized String issue(Ticket ticket, long nowNanos) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            boolean old = nowNanos - oldest.next().madeNanos > REMEMBERED.toNanos();
            if (!old && entries.size() < LIMIT) {
                break;
            }
            oldest.remove();
        }
        String code = SecureTokens.text();
        entries.put(SecureTokens.sha256Hex(code), new Entry(ticket, nowNanos));
        return code;
    }

    synchronized Use use(String code, long nowNanos) {
        Entry entry = entries.get(SecureTokens.sha256Hex(code));
        if (entry == null) {
            return new Use.Unknown();
        }
        UUID gave = entry.signIn;
        if (gave != null) {
            entry.cameAgain = true;
            return new Use.Again(gave);
        }
        if (nowNanos - entry.madeNanos >= LIFETIME.toNanos()) {
            return new Use.Unknown();
        }
        UUID signIn = UuidV7.next();
        entry.signIn = signIn;
        return new Use.First(entry.ticket, signIn);
    }

    /** Whether a code came a second time; asked when the first use has been served. */
    synchronized boolean cameAgain(String code) {
        Entry entry = entries.get(SecureTokens.sha256Hex(code));
        return entry != null && entry.cameAgain;
    }
}
