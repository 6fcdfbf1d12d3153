// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Access tokens as RFC 9068 writes them, with one algorithm (ES256), one key and nothing in the header that could point to
 * another key (RFC 8725). Immutable; safe for any thread.
 */
final class JwtAccessTokens implements AccessTokens {

    static final String AUDIENCE = "nvremote";

    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
    private static final Set<String> HEADER = Set.of("alg", "typ", "kid");
    private static final Duration SKEW = Duration.ofSeconds(30);
    /** A token of ours that seems to come from the future was made before somebody set the clock back. */
    private static final Duration CLOCK_STEP = Duration.ofMinutes(3);

    private static final int MAX_LENGTH = 4096;

    private final ECKey key;
    private final JWSSigner signer;
    private final JWSVerifier verifier;
    private final String issuer;
    private final Clock clock;

    JwtAccessTokens(ECKey key, String issuer, Clock clock) {
        this.key = key;
        this.issuer = issuer;
        this.clock = clock;
        try {
            signer = new ECDSASigner(key);
            verifier = new ECDSAVerifier(key.toPublicJWK());
        } catch (JOSEException e) {
            throw new StreamException(CoreError.INTERNAL, "the token signing key is unusable", e);
        }
    }

    @Override
    public Secret issue(UserId user, UUID signIn) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(AUDIENCE)
                .subject(user.toString())
                .claim("sid", signIn.toString())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(TYPE)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new StreamException(CoreError.INTERNAL, "an access token could not be signed", e);
        }
        return new Secret(token.serialize());
    }

    @Override
    public Caller verify(String text) {
        if (text.length() > MAX_LENGTH) {
            throw invalid("the token is longer than " + MAX_LENGTH + " characters");
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            checkHeader(token.getHeader());
            if (!token.verify(verifier)) {
                throw invalid("the signature does not hold");
            }
            return checkClaims(token.getJWTClaimsSet());
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw new StreamException(AuthError.TOKEN_INVALID, "the access token is malformed", e);
        }
    }

    /** Remembers nothing: see {@link VerifiedTokens}. */
    @Override
    public Optional<Caller> known(String token) {
        return Optional.empty();
    }

    @Override
    public String keySet() {
        return new JWKSet(key).toString(true); // public parts only
    }

    private void checkHeader(JWSHeader header) {
        if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
            throw invalid("the algorithm must be ES256");
        }
        if (!TYPE.equals(header.getType())) {
            throw invalid("the type must be at+jwt");
        }
        if (!key.getKeyID().equals(header.getKeyID())) {
            throw invalid("the key id is not known");
        }
        if (!HEADER.containsAll(header.toJSONObject().keySet())) {
            throw invalid("the header must have alg, typ and kid alone");
        }
    }

    private Caller checkClaims(JWTClaimsSet claims) throws ParseException {
        Instant now = clock.instant();
        if (!issuer.equals(claims.getIssuer()) || !List.of(AUDIENCE).equals(claims.getAudience())) {
            throw invalid("issuer or audience is not ours");
        }
        String subject = claims.getSubject();
        String signIn = claims.getStringClaim("sid");
        Date expires = claims.getExpirationTime();
        Date issued = claims.getIssueTime();
        Date notBefore = claims.getNotBeforeTime();
        if (subject == null
                || signIn == null
                || expires == null
                || issued == null
                || notBefore == null
                || claims.getJWTID() == null) {
            throw invalid("a claim is missing");
        }
        Instant latest = now.plus(CLOCK_STEP);
        if (issued.toInstant().isAfter(latest) || notBefore.toInstant().isAfter(latest)) {
            throw invalid("the token is from the future");
        }
        if (Duration.between(issued.toInstant(), expires.toInstant()).compareTo(LIFETIME) > 0) {
            throw invalid("the token is valid for too long");
        }
        if (!expires.toInstant().plus(SKEW).isAfter(now)) {
            throw new StreamException(AuthError.TOKEN_EXPIRED, "the access token expired at " + expires.toInstant());
        }
        return new Caller(new UserId(UUID.fromString(subject)), UUID.fromString(signIn), expires.toInstant());
    }

    private static StreamException invalid(String rule) {
        return new StreamException(AuthError.TOKEN_INVALID, "the access token is refused: " + rule);
    }
}
