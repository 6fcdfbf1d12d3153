// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.core.UserId;
import io.nvremote.core.UuidV7;
import io.nvremote.lib.tokens.SecureTokens;
import io.nvremote.presence.SingleUseValues;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The one-time codes that clients exchange for tokens, kept by their SHA-256. A code that was spent is remembered for a while, so
 * that a second use can take back what the first gave (RFC 6749 section 4.1.2), also while the first is still being served. Safe
 * for any thread.
 */
final class OneTimeCodes {

    static final SingleUseValues.Limits LIMITS =
            new SingleUseValues.Limits(Duration.ofSeconds(60), Duration.ofMinutes(10), 10_000, 100);

    /** In no part of a ticket: neither identifiers nor what {@link SignInFlow} admits of a request have one. */
    private static final String BETWEEN = " ";

    private final SingleUseValues.Namespace codes;

    OneTimeCodes(SingleUseValues values) {
        codes = values.open("auth.codes", LIMITS);
    }

    /** Whom a code is for, and what its bearer must show as well: the request's own redirect and the proof of its challenge. */
    record Ticket(UserId user, String redirectUri, String codeChallenge) {}

    /** What a code that was shown stands for. */
    sealed interface Use {

        /** Its first use: the sign-in it gives has this id. */
        record First(Ticket ticket, UUID signIn) implements Use {}

        /** Used before, for this sign-in. */
        record Again(UUID signIn) implements Use {}

        /** No code of ours, or too old. */
        record Unknown() implements Use {}
    }

    /** A code for this user; empty when too many wait for their use, of this user's or of all. */
    Optional<String> issue(Ticket ticket) {
        String code = SecureTokens.text();
        String user = ticket.user().toString();
        String value =
                String.join(BETWEEN, UuidV7.next().toString(), user, ticket.redirectUri(), ticket.codeChallenge());
        return codes.put(SecureTokens.sha256Hex(code), user, value) ? Optional.of(code) : Optional.empty();
    }

    Use use(String code) {
        return switch (codes.take(SecureTokens.sha256Hex(code))) {
            case SingleUseValues.Use.First first -> first(first.value().split(BETWEEN));
            case SingleUseValues.Use.Again again ->
                new Use.Again(UUID.fromString(again.value().split(BETWEEN)[0]));
            case SingleUseValues.Use.Unknown unknown -> new Use.Unknown();
        };
    }

    private static Use first(String[] parts) {
        UserId user = new UserId(UUID.fromString(parts[1]));
        return new Use.First(new Ticket(user, parts[2], parts[3]), UUID.fromString(parts[0]));
    }

    /** Whether a code came a second time; asked when the first use has been served. */
    boolean cameAgain(String code) {
        return codes.cameAgain(SecureTokens.sha256Hex(code));
    }
}
