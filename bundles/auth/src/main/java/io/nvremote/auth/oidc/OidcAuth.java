// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import com.nimbusds.jose.jwk.ECKey;
import io.nvremote.audit.AuditTrail;
import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.Caller;
import io.nvremote.auth.SignIn;
import io.nvremote.auth.SignInEntry;
import io.nvremote.auth.SignInRequest;
import io.nvremote.auth.SignedIn;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.keys.SharedKeys;
import io.nvremote.presence.SingleUseValues;
import io.nvremote.store.Store;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Sign-in at the configured issuer, and the tokens that follow. */
@Designate(ocd = OidcAuthConfig.class)
@Component(configurationPid = OidcAuthConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class OidcAuth implements SignIn, AccessTokens {

    private final IssuerHttp http;
    private final AccessTokens tokens;
    private final SignIn signIn;

    @Activate
    public OidcAuth(
            OidcAuthConfig config,
            Map<String, ?> present,
            @Reference SharedKeys keys,
            @Reference Directory directory,
            @Reference AuditTrail audit,
            @Reference Store store,
            @Reference SingleUseValues values) {
        OidcAuthSettings settings = OidcAuthSettings.of(config, present);
        ECKey key = TokenKey.of(keys);
        byte[] secret = key.getD().decode();
        VerifiedTokens verified = new VerifiedTokens(
                new JwtAccessTokens(key, settings.publicUrl().toString(), Clock.system()), Clock.system());
        tokens = verified;
        http = new IssuerHttp(settings.issuerTrust());
        signIn = new OidcSignIn(
                new SignInFlow(
                        settings.publicUrl(), new SealedRequests(DerivedKey.of(secret, "sign-in state")), values),
                new Issuer(settings, http, Clock.system()),
                directory,
                new RefreshTokens(store, audit, new Successors(DerivedKey.of(secret, "refresh token"))),
                tokens,
                new Strangers(audit, Clock.system()));
        signIn.onEnded(verified::forget);
    }

    @Override
    public URI begin(SignInRequest request, Actor actor) {
        return signIn.begin(request, actor);
    }

    @Override
    public URI complete(
            String state, @Nullable String code, @Nullable String error, @Nullable String description, Actor actor) {
        return signIn.complete(state, code, error, description, actor);
    }

    @Override
    public SignedIn exchange(String code, Secret verifier, String redirectUri, Actor actor) {
        return signIn.exchange(code, verifier, redirectUri, actor);
    }

    @Override
    public SignedIn refresh(Secret refreshToken, @Nullable Secret attempt, Actor actor) {
        return signIn.refresh(refreshToken, attempt, actor);
    }

    @Override
    public void signOut(Secret refreshToken, Actor actor) {
        signIn.signOut(refreshToken, actor);
    }

    @Override
    public List<SignInEntry> of(UserId user, @Nullable UUID after, int limit) {
        return signIn.of(user, after, limit);
    }

    @Override
    public void end(UserId user, UUID signIn, Actor actor) {
        this.signIn.end(user, signIn, actor);
    }

    @Override
    public void endAll(UserId user, String reason, Actor actor) {
        signIn.endAll(user, reason, actor);
    }

    @Override
    public Watch onEnded(Consumer<UUID> listener) {
        return signIn.onEnded(listener);
    }

    @Override
    public boolean active(UUID family) {
        return signIn.active(family);
    }

    @Override
    public Set<UUID> active(Set<UUID> families) {
        return signIn.active(families);
    }

    @Override
    public Secret issue(UserId user, UUID family) {
        return tokens.issue(user, family);
    }

    @Override
    public Caller verify(String token) {
        return tokens.verify(token);
    }

    @Override
    public Optional<Caller> known(String token) {
        return tokens.known(token);
    }

    @Override
    public String keySet() {
        return tokens.keySet();
    }

    @Deactivate
    void close() {
        http.close();
    }
}
