// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import io.nvremote.auth.AuthError;
import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Identity;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The OpenID Connect issuer that this control plane is a client of: discovery, authorization URL, code exchange. Safe for
 * any thread; blocks on the issuer for at most 10 s.
 */
final class Issuer {

    private static final Duration DISCOVERY_AGE = Duration.ofHours(1);

    private final OidcAuthSettings settings;
    private final IssuerHttp http;
    private final Clock clock;
    private final AtomicReference<@Nullable Discovered> discovered = new AtomicReference<>();

    Issuer(OidcAuthSettings settings, IssuerHttp http, Clock clock) {
        this.settings = settings;
        this.http = http;
        this.clock = clock;
    }

    /** Where to send the browser. */
    URI authorize(String state, String nonce, String challenge) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", settings.clientId());
        parameters.put("redirect_uri", settings.callback().toString());
        parameters.put("scope", settings.scope());
        parameters.put("state", state);
        parameters.put("nonce", nonce);
        parameters.put("code_challenge", challenge);
        parameters.put("code_challenge_method", "S256");
        URI endpoint = discover().authorization();
        return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + form(parameters));
    }

    /** Trades the issuer's code for what it says of the person, and checks it. */
    Identity redeem(String code, Secret verifier, String nonce) {
        Discovered at = discover();
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "authorization_code");
        parameters.put("code", code);
        parameters.put("redirect_uri", settings.callback().toString());
        parameters.put("code_verifier", verifier.reveal());
        Map<String, Object> answer = at.token().redeem(parameters);
        JWTClaimsSet claims = at.idTokens().check(text(answer, "id_token"), nonce);
        Profile profile = complete(new Profile(claims.getClaims()), at, answer, claims.getSubject());
        String email = settings.admission().email(profile);
        // Admitted: from here on the address is the person's, because the issuer or whoever set the policy says so.
        return new Identity(
                claims.getIssuer(), claims.getSubject(), email, true, profile.name(email), profile.picture());
    }

    /** Some issuers name the address at the UserInfo endpoint alone (OpenID Connect Core section 5.4). */
    private Profile complete(Profile profile, Discovered at, Map<String, Object> answer, String subject) {
        if (profile.email().isPresent()
                || at.userInfo() == null
                || !(answer.get("access_token") instanceof String token)) {
            return profile;
        }
        IssuerHttp.Answer info = http.get(at.userInfo(), new Secret("Bearer " + token));
        if (info.status() != 200) {
            throw new StreamException(
                    info.status() >= 500 ? AuthError.ISSUER_UNAVAILABLE : AuthError.ISSUER_INVALID,
                    "the issuer's UserInfo endpoint answered " + info.status());
        }
        Map<String, Object> claims = json(info.body(), "UserInfo answer");
        if (!subject.equals(String.valueOf(claims.get("sub")))) {
            throw new StreamException(
                    AuthError.SIGN_IN_REFUSED, "the issuer's UserInfo endpoint speaks of somebody else");
        }
        return profile.completedBy(claims);
    }

    private Discovered discover() {
        if (settings.clientId().isEmpty()) {
            throw new StreamException(AuthError.NOT_CONFIGURED, OidcAuthConfig.PID + " client.id is not set");
        }
        Discovered known = discovered.get();
        Instant now = clock.instant();
        if (known != null && known.at().plus(DISCOVERY_AGE).isAfter(now)) {
            return known;
        }
        IssuerHttp.Answer answer = http.get(URI.create(settings.issuer() + "/.well-known/openid-configuration"));
        if (answer.status() != 200) {
            throw new StreamException(
                    AuthError.ISSUER_UNAVAILABLE, "discovery of " + settings.issuer() + " answered " + answer.status());
        }
        Map<String, Object> document = json(answer.body(), "discovery document");
        String issuer = text(document, "issuer");
        if (!settings.issuer().toString().equals(issuer.replaceFirst("/$", ""))) {
            throw invalid("the discovery document of " + settings.issuer() + " names the issuer " + Said.plain(issuer)
                    + ": set issuer of " + OidcAuthConfig.PID + " to it, if it is yours");
        }
        Discovered fresh = new Discovered(
                now,
                endpoint(document, "authorization_endpoint"),
                new TokenEndpoint(endpoint(document, "token_endpoint"), methods(document), settings, http),
                document.containsKey("userinfo_endpoint") ? endpoint(document, "userinfo_endpoint") : null,
                new IdTokens(issuer, settings.clientId(), http, endpoint(document, "jwks_uri"), clock));
        discovered.set(fresh);
        return fresh;
    }

    /** Endpoints are https, as the issuer itself is; an http issuer (this machine alone) may name http ones. */
    private URI endpoint(Map<String, Object> document, String name) {
        try {
            URI uri = URI.create(text(document, name));
            if ("https".equals(uri.getScheme())
                    || ("http".equals(settings.issuer().getScheme())
                            && settings.issuer().getAuthority().equals(uri.getAuthority()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new StreamException(AuthError.ISSUER_INVALID, name + " of the issuer is not a URL", e);
        }
        throw invalid(name + " of the issuer must be https");
    }

    private static List<String> methods(Map<String, Object> document) {
        return document.get("token_endpoint_auth_methods_supported") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static String text(Map<String, Object> document, String name) {
        return Optional.ofNullable(document.get(name))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .orElseThrow(() -> invalid(name + " is missing in what the issuer answered"));
    }

    static Map<String, Object> json(String body, String what) {
        try {
            return JSONObjectUtils.parse(body);
        } catch (ParseException e) {
            throw new StreamException(AuthError.ISSUER_INVALID, "the issuer's " + what + " is not JSON", e);
        }
    }

    static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static StreamException invalid(String message) {
        return new StreamException(AuthError.ISSUER_INVALID, message);
    }

    /** Algorithms that an ID token may be signed with; never {@code none}, never a shared secret. */
    static final List<String> ALGORITHMS =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private record Discovered(
            Instant at,
            URI authorization,
            TokenEndpoint token,
            @Nullable URI userInfo,
            IdTokens idTokens) {}
}
