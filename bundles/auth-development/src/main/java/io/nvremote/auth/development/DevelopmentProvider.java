// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.development;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.tokens.SecureTokens;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The provider without HTTP: discovery, codes with PKCE, ID tokens. Its key lives as long as the process. Safe for any
 * thread.
 */
final class DevelopmentProvider {

    private static final Duration CODE_LIFETIME = Duration.ofSeconds(60);
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);
    private static final int MAX_CODES = 1000;

    private final DevelopmentSettings settings;
    private final Clock clock;
    private final ECKey key;
    private final ConcurrentHashMap<String, Grant> codes = new ConcurrentHashMap<>();

    DevelopmentProvider(DevelopmentSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        try {
            key = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new StreamException(CoreError.INTERNAL, "no key could be made", e);
        }
    }

    String discovery() {
        String issuer = settings.issuer().toString();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", issuer);
        document.put("authorization_endpoint", issuer + "/authorize");
        document.put("token_endpoint", issuer + "/token");
        document.put("jwks_uri", issuer + "/keys");
        document.put("response_types_supported", List.of("code"));
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", List.of("ES256"));
        document.put("code_challenge_methods_supported", List.of("S256"));
        document.put("token_endpoint_auth_methods_supported", List.of("none"));
        return JSONObjectUtils.toJSONString(document);
    }

    String keys() {
        return new JWKSet(key).toString(true);
    }

    /** What is wrong with an authorization request; empty if nothing is. */
    Optional<String> problem(Map<String, String> request) {
        if (!settings.clientId().equals(request.get("client_id"))) {
            return Optional.of("client_id is not the configured one");
        }
        if (!settings.redirectUri().equals(request.get("redirect_uri"))) {
            return Optional.of("redirect_uri is not the configured one");
        }
        if (!"code".equals(request.get("response_type")) || !"S256".equals(request.get("code_challenge_method"))) {
            return Optional.of("response_type must be code, and code_challenge_method S256");
        }
        String challenge = request.get("code_challenge");
        return challenge == null || challenge.length() != 43
                ? Optional.of("code_challenge must be 43 characters")
                : Optional.empty();
    }

    /** Where the browser goes when this person was chosen; the request was found to be in order. */
    String choose(Map<String, String> request, String personId) {
        DevelopmentSettings.Person person = settings.people().get(personId);
        String result;
        if (person == null) {
            result = "error=access_denied";
        } else {
            String code = SecureTokens.text();
            Instant now = clock.instant();
            codes.values().removeIf(grant -> !grant.expires().isAfter(now));
            if (codes.size() < MAX_CODES) {
                codes.put(
                        code,
                        new Grant(
                                person,
                                request.getOrDefault("code_challenge", ""),
                                request.getOrDefault("nonce", ""),
                                now.plus(CODE_LIFETIME)));
            }
            result = "code=" + code;
        }
        return settings.redirectUri() + "?" + result + "&state="
                + URLEncoder.encode(request.getOrDefault("state", ""), StandardCharsets.UTF_8);
    }

    /** The token endpoint: JSON with an ID token, or null for {@code invalid_grant}. A code is burnt by any use. */
    @Nullable
    String token(Map<String, String> form) {
        String code = form.get("code");
        Grant grant = code == null ? null : codes.remove(code);
        if (grant == null
                || !grant.expires().isAfter(clock.instant())
                || !"authorization_code".equals(form.get("grant_type"))
                || !settings.clientId().equals(form.get("client_id"))
                || !settings.redirectUri().equals(form.get("redirect_uri"))
                || !grant.challenge().equals(SecureTokens.challenge(form.getOrDefault("code_verifier", "")))) {
            return null;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", "none");
        answer.put("token_type", "Bearer");
        answer.put("expires_in", TOKEN_LIFETIME.toSeconds());
        answer.put("id_token", idToken(grant));
        return JSONObjectUtils.toJSONString(answer);
    }

    private String idToken(Grant grant) {
        Instant now = clock.instant();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(settings.issuer().toString())
                        .subject(grant.person().id())
                        .audience(settings.clientId())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(TOKEN_LIFETIME)))
                        .claim("nonce", grant.nonce())
                        .claim("name", grant.person().name())
                        .claim("email", grant.person().email())
                        .claim("email_verified", true)
                        .build());
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new StreamException(CoreError.INTERNAL, "an ID token could not be signed", e);
        }
        return token.serialize();
    }

    private record Grant(DevelopmentSettings.Person person, String challenge, String nonce, Instant expires) {}
}
