// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.Caller;
import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.UserId;
import io.nvremote.lib.tokens.SecureTokens;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies each access token once: a signature costs a hundred times what a look-up costs, and a client shows the same token for a
 * quarter of an hour. Only what was verified is remembered, under its hash, until it expires or its sign-in ends; at most
 * {@value #MAX_KNOWN}. Safe for any thread.
 */
final class VerifiedTokens implements AccessTokens {

    static final int MAX_KNOWN = 20_000;

    private final AccessTokens tokens;
    private final Clock clock;
    private final ConcurrentHashMap<String, Caller> known = new ConcurrentHashMap<>();

    VerifiedTokens(AccessTokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Known from the start: whoever has just signed in is no stranger. */
    @Override
    public Secret issue(UserId user, UUID signIn) {
        Secret token = tokens.issue(user, signIn);
        verify(token.reveal());
        return token;
    }

    @Override
    public Optional<Caller> known(String token) {
        return Optional.ofNullable(living(SecureTokens.sha256Hex(token)));
    }

    @Override
    public Caller verify(String token) {
        String hash = SecureTokens.sha256Hex(token);
        Caller caller = living(hash);
        if (caller != null) {
            return caller;
        }
        Caller fresh = tokens.verify(token);
        if (known.size() >= MAX_KNOWN) {
            makeRoom();
        }
        known.put(hash, fresh);
        return fresh;
    }

    private @Nullable Caller living(String hash) {
        Caller caller = known.get(hash);
        if (caller == null || caller.expires().isAfter(clock.instant())) {
            return caller;
        }
        known.remove(hash);
        return null;
    }

    @Override
    public String keySet() {
        return tokens.keySet();
    }

    /** Forgets the tokens of a sign-in that is over. */
    void forget(UUID signIn) {
        known.values().removeIf(caller -> caller.signIn().equals(signIn));
    }

    int known() {
        return known.size();
    }

    /** Drops what has expired; everything, if nothing has: it is verified again. */
    private void makeRoom() {
        known.values().removeIf(caller -> !caller.expires().isAfter(clock.instant()));
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
    }
}
