// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.nvremote.auth.AuthError;
import io.nvremote.core.Clock;
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

    /** Trades the issuer's code for an ID token and checks it. */
    Identity redeem(String code, String verifier, String nonce) {
        Discovered at = discover();
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "authorization_code");
        parameters.put("code", code);
        parameters.put("redirect_uri", settings.callback().toString());
        parameters.put("client_id", settings.clientId());
        parameters.put("code_verifier", verifier);
        settings.clientSecret().ifPresent(secret -> parameters.put("client_secret", secret.reveal()));
        IssuerHttp.Answer answer = http.post(at.token(), form(parameters));
        if (answer.status() != 200) {
            throw new StreamException(
                    AuthError.SIGN_IN_REFUSED, "the issuer's token endpoint answered " + answer.status());
        }
        String idToken = text(json(answer.body(), "token response"), "id_token");
        return at.idTokens().check(idToken, nonce);
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
        if (!settings.issuer().toString().equals(document.get("issuer"))) {
            throw invalid("the discovery document of " + settings.issuer() + " names another issuer");
        }
        Discovered fresh = new Discovered(
                now,
                endpoint(document, "authorization_endpoint"),
                endpoint(document, "token_endpoint"),
                new IdTokens(settings, http, endpoint(document, "jwks_uri"), clock));
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

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static StreamException invalid(String message) {
        return new StreamException(AuthError.ISSUER_INVALID, message);
    }

    /** Algorithms that an ID token may be signed with; never {@code none}, never a shared secret. */
    static final List<String> ALGORITHMS = List.of("RS256", "PS256", "ES256");

    private record Discovered(Instant at, URI authorization, URI token, IdTokens idTokens) {}
}
