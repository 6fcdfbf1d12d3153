// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.SignIn;
import io.nvremote.auth.SignInEntry;
import io.nvremote.auth.SignInRequest;
import io.nvremote.auth.SignedIn;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.lib.tokens.SecureTokens;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The whole of a sign-in: flow, issuer, directory, tokens. Safe for any thread. */
final class OidcSignIn implements SignIn {

    /**
     * What an issuer answers that the person or some patience can help (RFC 6749 section 4.1.2.1, OpenID Connect Core section
     * 3.1.2.6). The other codes say that our own request was wrong, which is no word about the client's.
     */
    private static final Set<String> OF_THE_PERSON = Set.of(
            "access_denied",
            "temporarily_unavailable",
            "interaction_required",
            "login_required",
            "account_selection_required",
            "consent_required");

    private final SignInFlow flow;
    private final Issuer issuer;
    private final Directory directory;
    private final RefreshTokens refreshTokens;
    private final AccessTokens accessTokens;
    private final Strangers strangers;
    private final Clock clock = Clock.system();
    private final LivingSignIns living = new LivingSignIns();

    OidcSignIn(
            SignInFlow flow,
            Issuer issuer,
            Directory directory,
            RefreshTokens refreshTokens,
            AccessTokens accessTokens,
            Strangers strangers) {
        this.flow = flow;
        this.issuer = issuer;
        this.directory = directory;
        this.refreshTokens = refreshTokens;
        this.accessTokens = accessTokens;
        this.strangers = strangers;
    }

    @Override
    public URI begin(SignInRequest request, Actor actor) {
        strangers.request(actor);
        SignInFlow.Begun begun = flow.begin(request, clock.instant());
        return issuer.authorize(
                begun.state(),
                begun.nonce(),
                SecureTokens.challenge(begun.verifier().reveal()));
    }

    @Override
    public URI complete(
            String state, @Nullable String code, @Nullable String error, @Nullable String description, Actor actor) {
        strangers.request(actor);
        strangers.mayFail(actor);
        SignInFlow.Pending pending = flow.resume(state, clock.instant());
        if (code == null) {
            strangers.failed(actor, "ISSUER_REFUSED", Said.plain(error) + " " + Said.plain(description));
            return flow.refused(pending, error != null && OF_THE_PERSON.contains(error) ? error : "server_error");
        }
        try {
            UserId user = directory
                    .signIn(
                            issuer.redeem(
                                    code,
                                    pending.begun().verifier(),
                                    pending.begun().nonce()),
                            actor)
                    .id();
            return flow.succeeded(pending, user).orElseGet(() -> full(pending, actor));
        } catch (StreamException e) {
            strangers.failed(actor, e.code().name(), String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private URI full(SignInFlow.Pending pending, Actor actor) {
        strangers.failed(actor, "CODES_FULL", "too many codes wait for their use");
        return flow.refused(pending, "temporarily_unavailable"); // RFC 6749 section 4.1.2.1
    }

    @Override
    public SignedIn exchange(String code, Secret verifier, String redirectUri, Actor actor) {
        strangers.request(actor);
        return switch (flow.redeem(code, verifier, redirectUri)) {
            case SignInFlow.Redeemed.Again again -> throw usedTwice(again.signIn(), actor);
            case SignInFlow.Redeemed.First first -> {
                RefreshTokens.Fresh fresh = refreshTokens.begin(first.user(), first.signIn(), actor);
                if (flow.cameAgain(code)) {
                    throw usedTwice(first.signIn(), actor);
                }
                yield signedIn(living(fresh, actor));
            }
        };
    }

    private StreamException usedTwice(UUID signIn, Actor actor) {
        refreshTokens.revoke(signIn, "code_reuse", actor);
        living.ended(signIn, clock.nanos());
        return new StreamException(AuthError.SIGN_IN_EXPIRED, "the code was used twice: the sign-in it gave was ended");
    }

    @Override
    public SignedIn refresh(Secret refreshToken, @Nullable Secret attempt, Actor actor) {
        strangers.request(actor);
        RefreshTokens.Rotation rotation = refreshTokens.rotate(refreshToken, attempt, actor);
        if (rotation instanceof RefreshTokens.Rotation.Reused reused) {
            living.ended(reused.signIn(), clock.nanos());
        }
        if (rotation instanceof RefreshTokens.Rotation.Over over) {
            requireNotDisabled(over.user());
        }
        return signedIn(living(rotation.orThrow(), actor));
    }

    /** The same, if its user may be signed in; else that sign-in is over. */
    private RefreshTokens.Fresh living(RefreshTokens.Fresh fresh, Actor actor) {
        if (directory.user(fresh.user()).isEmpty()) {
            end(fresh.signIn(), "user_gone", actor);
            requireNotDisabled(fresh.user());
            throw new StreamException(AuthError.REFRESH_INVALID, "the user of this sign-in is gone");
        }
        return fresh;
    }

    /** Who held a token of that user's is told why it is good no more. */
    private void requireNotDisabled(UserId user) {
        if (!directory.disabled(Set.of(user)).isEmpty()) {
            throw new StreamException(DirectoryError.USER_DISABLED, "your account is disabled; ask your administrator");
        }
    }

    @Override
    public void signOut(Secret refreshToken, Actor actor) {
        strangers.request(actor);
        refreshTokens.end(refreshToken, actor).ifPresent(signIn -> living.ended(signIn, clock.nanos()));
    }

    @Override
    public List<SignInEntry> of(UserId user, @Nullable UUID after, int limit) {
        return refreshTokens.of(user, after, limit);
    }

    @Override
    public void end(UserId user, UUID signIn, Actor actor) {
        if (!refreshTokens.end(user, signIn, actor)) {
            throw new StreamException(AuthError.SIGN_IN_UNKNOWN, "no living sign-in " + signIn);
        }
        living.ended(signIn, clock.nanos());
    }

    @Override
    public void endAll(UserId user, String reason, Actor actor) {
        refreshTokens.of(user).forEach(signIn -> end(signIn, reason, actor));
    }

    private void end(UUID signIn, String reason, Actor actor) {
        refreshTokens.revoke(signIn, reason, actor);
        living.ended(signIn, clock.nanos());
    }

    @Override
    public boolean active(UUID signIn) {
        return !active(Set.of(signIn)).isEmpty();
    }

    @Override
    public Set<UUID> active(Set<UUID> signIns) {
        return living.active(signIns, clock.nanos(), this::look);
    }

    private Set<UUID> look(Set<UUID> signIns) {
        Map<UUID, UserId> owners = refreshTokens.owners(signIns);
        Set<UserId> there = directory.memberships(Set.copyOf(owners.values())).keySet();
        owners.values().retainAll(there);
        return owners.keySet();
    }

    @Override
    public Watch onEnded(Consumer<UUID> listener) {
        return living.listen(listener);
    }

    private SignedIn signedIn(RefreshTokens.Fresh fresh) {
        return new SignedIn(
                fresh.user(), accessTokens.issue(fresh.user(), fresh.signIn()), fresh.token(), AccessTokens.LIFETIME);
    }
}
