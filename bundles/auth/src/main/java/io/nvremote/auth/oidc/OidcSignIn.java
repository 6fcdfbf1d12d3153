// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.SignIn;
import io.nvremote.auth.SignInRequest;
import io.nvremote.auth.SignedIn;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The whole of a sign-in: flow, issuer, directory, tokens. Safe for any thread. */
final class OidcSignIn implements SignIn {

    private static final Duration KNOWN_FOR = Duration.ofSeconds(5);
    private static final int MAX_KNOWN = 20_000;

    private final SignInFlow flow;
    private final Issuer issuer;
    private final Directory directory;
    private final RefreshTokens refreshTokens;
    private final AccessTokens accessTokens;
    private final AuditTrail audit;
    private final Clock clock = Clock.system();
    private final ConcurrentHashMap<UUID, Known> known = new ConcurrentHashMap<>();

    OidcSignIn(
            SignInFlow flow,
            Issuer issuer,
            Directory directory,
            RefreshTokens refreshTokens,
            AccessTokens accessTokens,
            AuditTrail audit) {
        this.flow = flow;
        this.issuer = issuer;
        this.directory = directory;
        this.refreshTokens = refreshTokens;
        this.accessTokens = accessTokens;
        this.audit = audit;
    }

    @Override
    public URI begin(SignInRequest request) {
        SignInFlow.Begun begun = flow.begin(request, clock.instant());
        return issuer.authorize(begun.state(), begun.nonce(), SecureTokens.challenge(begun.verifier()));
    }

    @Override
    public URI complete(String state, @Nullable String code, @Nullable String error, Actor actor) {
        SignInFlow.Pending pending = flow.resume(state, clock.instant());
        if (code == null) {
            audit.append(AuditEvent.refused(AuditTrail.SYSTEM, AuditType.LOGIN_FAILED, actor, "ISSUER_REFUSED"));
            return flow.refused(pending, "access_denied".equals(error) ? "access_denied" : "server_error");
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
            return flow.succeeded(pending, user, clock.instant());
        } catch (StreamException e) {
            audit.append(AuditEvent.refused(
                    AuditTrail.SYSTEM, AuditType.LOGIN_FAILED, actor, e.code().name()));
            throw e;
        }
    }

    @Override
    public SignedIn exchange(String code, Secret verifier, String redirectUri, Actor actor) {
        Instant now = clock.instant();
        UUID abused = flow.gave(code, now);
        if (abused != null) {
            refreshTokens.revoke(abused, "code_reuse", actor);
            known.remove(abused);
        }
        UserId user = flow.redeem(code, verifier, redirectUri, now);
        RefreshTokens.Fresh fresh = refreshTokens.begin(user);
        flow.remember(code, fresh.signIn(), now);
        return signedIn(fresh);
    }

    @Override
    public SignedIn refresh(Secret refreshToken, Actor actor) {
        return signedIn(refreshTokens.rotate(refreshToken, actor));
    }

    @Override
    public void signOut(Secret refreshToken, Actor actor) {
        refreshTokens.end(refreshToken, actor).ifPresent(known::remove);
    }

    @Override
    public boolean active(UUID signIn) {
        long now = clock.nanos();
        Known last = known.get(signIn);
        if (last != null && now - last.at() < KNOWN_FOR.toNanos()) {
            return last.live();
        }
        if (known.size() >= MAX_KNOWN) {
            known.values().removeIf(entry -> now - entry.at() >= KNOWN_FOR.toNanos());
        }
        boolean live = refreshTokens.live(signIn);
        if (known.size() < MAX_KNOWN) {
            known.put(signIn, new Known(now, live));
        }
        return live;
    }

    private SignedIn signedIn(RefreshTokens.Fresh fresh) {
        return new SignedIn(
                fresh.user(), accessTokens.issue(fresh.user(), fresh.signIn()), fresh.token(), AccessTokens.LIFETIME);
    }

    private record Known(long at, boolean live) {}
}
