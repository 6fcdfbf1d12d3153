// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.keys.SharedKeys;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is a token of ours, and everything that is not. */
class JwtAccessTokensTest {

    private static final String ISSUER = "https://control.example";
    private static final UserId USER = new UserId(UUID.randomUUID());
    private static final UUID SIGN_IN = UUID.randomUUID();

    private final TestClock clock = new TestClock();
    private final ECKey key = ecKey();
    private final JwtAccessTokens tokens = new JwtAccessTokens(key, ISSUER, clock);

    private static ECKey ecKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID());
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("nvremote")
                .subject(USER.toString())
                .claim("sid", SIGN_IN.toString())
                .jwtID("1")
                .issueTime(Date.from(clock.now))
                .notBeforeTime(Date.from(clock.now))
                .expirationTime(Date.from(clock.now.plus(Duration.ofMinutes(15))));
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws Exception {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private String ours(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return signed(header(JWSAlgorithm.ES256).build(), change.apply(claims()).build(), new ECDSASigner(key));
    }

    private void refused(String token, String why) {
        assertThatThrownBy(() -> tokens.verify(token))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(AuthError.TOKEN_INVALID))
                .hasMessageContaining(why);
    }

    @Test
    void a_token_of_ours_names_its_user_and_sign_in() throws Exception {
        Caller caller = tokens.verify(tokens.issue(USER, SIGN_IN).reveal());
        assertThat(caller).isEqualTo(new Caller(USER, SIGN_IN, clock.now.plus(Duration.ofMinutes(15))));
        assertThat(tokens.verify(ours(c -> c)).user()).isEqualTo(USER); // the matrix below starts from a good one
    }

    @Test
    void other_algorithms_are_refused() throws Exception {
        refused(new PlainJWT(claims().build()).serialize(), "malformed");
        byte[] publicKey = key.toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        refused(signed(header(JWSAlgorithm.HS256).build(), claims().build(), new MACSigner(publicKey)), "ES256");
        refused(
                signed(
                        header(JWSAlgorithm.HS256).build(),
                        claims().build(),
                        new MACSigner(key.toECPublicKey().getEncoded())),
                "ES256");
        refused(
                signed(
                        header(JWSAlgorithm.RS256).build(),
                        claims().build(),
                        new RSASSASigner(new RSAKeyGenerator(2048).generate())),
                "ES256");
        String[] parts = ours(c -> c).split("\\.");
        for (String alg : new String[] {"none", "None", "NONE", "es256", "ES384", ""}) {
            String head = "{\"alg\":\"" + alg + "\",\"typ\":\"at+jwt\",\"kid\":\"" + key.getKeyID() + "\"}";
            String forged = Base64URL.encode(head) + "." + parts[1] + ".";
            assertThatThrownBy(() -> tokens.verify(forged)).isInstanceOf(StreamException.class);
            assertThatThrownBy(() -> tokens.verify(forged + parts[2])).isInstanceOf(StreamException.class);
        }
    }

    @Test
    void other_types_keys_and_headers_that_bring_a_key_are_refused() throws Exception {
        ECDSASigner signer = new ECDSASigner(key);
        refused(
                signed(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .keyID(key.getKeyID())
                                .build(),
                        claims().build(),
                        signer),
                "at+jwt");
        refused(
                signed(header(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build(), claims().build(), signer),
                "at+jwt");
        refused(signed(header(JWSAlgorithm.ES256).keyID("other").build(), claims().build(), signer), "key id");
        ECKey foreign = ecKey();
        refused(signed(header(JWSAlgorithm.ES256).build(), claims().build(), new ECDSASigner(foreign)), "signature");
        refused(
                signed(
                        header(JWSAlgorithm.ES256).jwk(foreign.toPublicJWK()).build(),
                        claims().build(),
                        new ECDSASigner(foreign)),
                "alg, typ and kid alone");
        refused(
                signed(
                        header(JWSAlgorithm.ES256)
                                .jwkURL(URI.create("https://evil.example/keys"))
                                .build(),
                        claims().build(),
                        signer),
                "alg, typ and kid alone");
        refused(
                signed(
                        header(JWSAlgorithm.ES256)
                                .criticalParams(java.util.Set.of("exp2"))
                                .build(),
                        claims().build(),
                        signer),
                "");
    }

    @Test
    void blank_and_altered_signatures_are_refused() throws Exception {
        String[] parts = ours(c -> c).split("\\.");
        refused(parts[0] + "." + parts[1] + "." + Base64URL.encode(new byte[64]), "");
        refused(
                parts[0] + "."
                        + Base64URL.encode(claims().subject(UUID.randomUUID().toString())
                                .build()
                                .toString()) + "." + parts[2],
                "signature");
    }

    @Test
    void wrong_claims_are_refused() throws Exception {
        refused(ours(c -> c.issuer("https://other.example")), "issuer");
        refused(ours(c -> c.audience("other")), "audience");
        refused(ours(c -> c.audience(java.util.List.of("nvremote", "other"))), "audience");
        refused(ours(c -> c.subject(null)), "missing");
        refused(ours(c -> c.claim("sid", null)), "missing");
        refused(ours(c -> c.jwtID(null)), "missing");
        refused(ours(c -> c.expirationTime(null)), "missing");
        refused(ours(c -> c.subject("not-a-uuid")), "malformed");
        refused(
                ours(c -> c.issueTime(Date.from(clock.now.plusSeconds(200)))
                        .expirationTime(Date.from(clock.now.plusSeconds(300)))),
                "future");
        refused(ours(c -> c.notBeforeTime(Date.from(clock.now.plusSeconds(200)))), "future");
        refused(ours(c -> c.expirationTime(Date.from(clock.now.plus(Duration.ofDays(1))))), "too long");
    }

    @Test
    void duplicate_claims_and_long_tokens_are_refused() throws Exception {
        String head = ours(c -> c).split("\\.")[0];
        String twice = "{\"sub\":\"" + USER + "\",\"sub\":\"" + USER + "\"}";
        refused(head + "." + Base64URL.encode(twice) + "." + Base64URL.encode(new byte[64]), "");
        refused("x".repeat(5000), "longer");
    }

    @Test
    void an_old_token_is_refused_as_expired() {
        String token = tokens.issue(USER, SIGN_IN).reveal();
        clock.now = clock.now.plus(Duration.ofMinutes(15)).plusSeconds(29);
        assertThat(tokens.verify(token).user()).isEqualTo(USER);
        clock.now = clock.now.plusSeconds(2);
        assertThatThrownBy(() -> tokens.verify(token))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(AuthError.TOKEN_EXPIRED));
    }

    @Test
    void the_published_key_set_has_no_private_part() {
        assertThat(tokens.keySet()).contains("\"kid\"").doesNotContain("\"d\"");
    }

    @Test
    void a_clock_that_is_set_back_or_forth_by_two_minutes_ends_no_token_beyond_the_step() {
        String text = tokens.issue(USER, SIGN_IN).reveal();
        Instant made = clock.now;
        clock.now = made.minusSeconds(120);
        assertThat(tokens.verify(text).user()).isEqualTo(USER);
        clock.now = made.plus(Duration.ofMinutes(13)).plusSeconds(120);
        assertThat(tokens.verify(text).user()).isEqualTo(USER);
    }

    @Test
    void the_key_is_made_once_and_one_that_is_none_is_refused_by_its_place_and_not_shown() {
        Map<String, byte[]> kept = new HashMap<>();
        SharedKeys keys = new SharedKeys() {
            @Override
            public byte[] key(String name, Supplier<byte[]> made) {
                return kept.computeIfAbsent(name, any -> made.get());
            }

            @Override
            public String origin(String name) {
                return "the place of " + name;
            }
        };
        ECKey made = TokenKey.of(keys);
        assertThat(TokenKey.of(keys)).isEqualTo(made);
        for (String wrong : List.of(
                "", "secret-7", "{\"kty\":\"secret-7\"}", made.toPublicJWK().toJSONString())) {
            kept.put(TokenKey.NAME, wrong.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> TokenKey.of(keys))
                    .isInstanceOf(StreamException.class)
                    .hasMessage("the place of token-signing-key.json is not a private P-256 key with a kid, as a JWK")
                    .hasNoCause();
        }
    }

    @Test
    void the_folder_of_before_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> new FormerDataFolder(Map.of("data.folder", "/x")))
                .hasMessage("io.nvremote.auth data.folder: is no setting any more; write a folder under"
                        + " io.nvremote.keys.file.shared, and move token-signing-key.json there");
    }
}
