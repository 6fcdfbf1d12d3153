// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.nvremote.auth.AuthError;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.lib.tokens.SecureTokens;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks ID tokens of one issuer (OpenID Connect Core 1.0 section 3.1.3.7). Safe for any thread. */
final class IdTokens {

    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final Duration REFETCH = Duration.ofSeconds(30);
    private static final int MAX_SUBJECT = 255;

    private final String issuer;
    private final String clientId;
    private final IssuerHttp http;
    private final URI keys;
    private final Clock clock;
    private volatile @Nullable KeySet known;

    /** @param issuer as the issuer writes it itself */
    IdTokens(String issuer, String clientId, IssuerHttp http, URI keys, Clock clock) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.http = http;
        this.keys = keys;
        this.clock = clock;
    }

    /** What the token says; {@link AuthError#SIGN_IN_REFUSED} if any check fails. */
    JWTClaimsSet check(String text, String nonce) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            if (!Issuer.ALGORITHMS.contains(token.getHeader().getAlgorithm().getName())) {
                throw refused("it is signed with "
                        + Said.plain(token.getHeader().getAlgorithm().getName()) + ", which is not one of "
                        + Issuer.ALGORITHMS);
            }
            if (!verified(token)) {
                throw refused("no key that the issuer publishes verifies it");
            }
            return claims(token.getJWTClaimsSet(), nonce);
        } catch (ParseException | JOSEException e) {
            throw new StreamException(AuthError.SIGN_IN_REFUSED, "the issuer's ID token is malformed", e);
        }
    }

    private boolean verified(SignedJWT token) throws JOSEException {
        KeySet set = keySet(false);
        if (set.matching(token.getHeader()).isEmpty() && set.at().plus(REFETCH).isBefore(clock.instant())) {
            set = keySet(true); // the issuer may have rotated its keys
        }
        for (JWK key : set.matching(token.getHeader())) {
            if (key instanceof AsymmetricJWK asymmetric
                    && token.verify(new DefaultJWSVerifierFactory()
                            .createJWSVerifier(token.getHeader(), asymmetric.toPublicKey()))) {
                return true;
            }
        }
        return false;
    }

    private JWTClaimsSet claims(JWTClaimsSet claims, String nonce) throws ParseException {
        Instant now = clock.instant();
        if (!issuer.equals(claims.getIssuer())) {
            throw refused("it is of the issuer " + Said.plain(claims.getIssuer()) + " and not of " + issuer);
        }
        List<String> audience = claims.getAudience();
        String party = claims.getStringClaim("azp");
        if (!audience.contains(clientId) || (party != null && !clientId.equals(party))) {
            throw refused("it is for another client");
        }
        if (audience.size() > 1 && party == null) {
            throw refused("it is for several clients and does not say for which it was made (azp)");
        }
        Date expires = claims.getExpirationTime();
        Date issued = claims.getIssueTime();
        if (expires == null || !expires.toInstant().plus(SKEW).isAfter(now)) {
            throw refused("it has expired; compare this machine's clock with the issuer's");
        }
        if (issued == null || issued.toInstant().isAfter(now.plus(SKEW))) {
            throw refused("it is from the future by more than " + SKEW.toSeconds()
                    + " s; compare this machine's clock with the issuer's");
        }
        String echoed = claims.getStringClaim("nonce");
        if (echoed == null || !SecureTokens.same(nonce, echoed)) {
            throw refused("its nonce is not ours");
        }
        String subject = claims.getSubject();
        if (subject == null || subject.isBlank() || subject.length() > MAX_SUBJECT) {
            throw refused("its subject is missing or too long");
        }
        return claims;
    }

    private synchronized KeySet keySet(boolean refetch) {
        KeySet set = known;
        if (set != null && !refetch) {
            return set;
        }
        IssuerHttp.Answer answer = http.get(keys);
        if (answer.status() != 200) {
            throw new StreamException(AuthError.ISSUER_UNAVAILABLE, "the issuer's key set answered " + answer.status());
        }
        try {
            KeySet fresh = new KeySet(clock.instant(), JWKSet.parse(answer.body()));
            known = fresh;
            return fresh;
        } catch (ParseException e) {
            throw new StreamException(AuthError.ISSUER_INVALID, "the issuer's key set is malformed", e);
        }
    }

    private static StreamException refused(String why) {
        return new StreamException(AuthError.SIGN_IN_REFUSED, "the issuer's ID token is refused: " + why);
    }

    private record KeySet(Instant at, JWKSet keys) {

        /**
         * By id and kind. What a key says of its algorithm is not asked: issuers get it wrong, and no algorithm that we take
         * can be mistaken for another of the same kind of key.
         */
        List<JWK> matching(JWSHeader header) {
            return new JWKSelector(new JWKMatcher.Builder()
                            .keyType(KeyType.forAlgorithm(header.getAlgorithm()))
                            .keyID(header.getKeyID())
                            .keyUses(KeyUse.SIGNATURE, null)
                            .build())
                    .select(keys);
        }
    }
}
