// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.auth.AuthError;
import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Identity;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Issuers as they are. */
class IssuerTest {

    private static final Secret VERIFIER = new Secret("verifier");

    private final OddIssuer odd;
    private final IssuerHttp http = new IssuerHttp(Optional.empty());

    IssuerTest() throws Exception {
        odd = new OddIssuer();
    }

    @AfterEach
    void stop() {
        http.close();
        odd.close();
    }

    private Issuer issuer(boolean verifiedOnly, String... domains) {
        return new Issuer(
                new OidcAuthSettings(
                        URI.create("http://127.0.0.1:1"),
                        URI.create(odd.url()),
                        "lab",
                        Optional.of(new Secret("s3:cr et/%")),
                        Optional.empty(),
                        "openid email",
                        new Admission(verifiedOnly, Set.of(domains))),
                http,
                Clock.system());
    }

    private Identity signIn() {
        return issuer(true).redeem("code", VERIFIER, "the-nonce");
    }

    private static Arguments habit(String what, Consumer<OddIssuer> set) {
        return Arguments.of(what, set);
    }

    static Stream<Arguments> habits() {
        return Stream.of(
                habit("none", i -> {}),
                habit("email_verified as a text", i -> i.claims.put("email_verified", "true")),
                habit("an issuer that ends in a slash", i -> i.ending = "/"),
                habit("a secret by basic alone", i -> i.onlyMethod = "client_secret_basic"),
                habit("a secret by post alone, told", i -> {
                    i.onlyMethod = "client_secret_post";
                    i.toldMethods = List.of("client_secret_post", "private_key_jwt");
                }),
                habit("a secret by post alone, not told", i -> i.onlyMethod = "client_secret_post"),
                habit("RS512 with a key that says RS256", i -> i.algorithm = "RS512"),
                habit("PS384", i -> i.algorithm = "PS384"),
                habit("ES384", i -> i.algorithm = "ES384"),
                habit("no key id", i -> i.keyId = false),
                habit("a clock 50 s ahead", i -> i.ahead = 50),
                habit("a clock 340 s behind", i -> i.ahead = -340),
                habit("a subject that is a number", i -> i.claims.put("sub", 4711)),
                habit("two audiences and us as the party", i -> {
                    i.claims.put("aud", List.of("lab", "383168317235462148"));
                    i.claims.put("azp", "lab");
                }),
                habit("the address at UserInfo alone", i -> {
                    i.claims.put("email", null);
                    i.claims.put("email_verified", null);
                    i.userInfo.put("sub", "u1");
                    i.userInfo.put("email", "ada@example.com");
                    i.userInfo.put("email_verified", true);
                }),
                habit("a picture that is no address", i -> i.claims.put("picture", "data:image/svg+xml;base64,AAAA")),
                habit("claims of odd types", i -> {
                    i.claims.put("picture", List.of("x"));
                    i.claims.put("name", 7);
                    i.claims.put("groups", java.util.Collections.nCopies(200, "g".repeat(36)));
                }),
                habit("a name that is empty", i -> i.claims.put("name", "")),
                habit("a long name", i -> i.claims.put("name", "N".repeat(300))),
                habit("a name with controls", i -> i.claims.put("name", "A\u0000d\r\na")),
                habit("a name of emoji and RTL", i -> i.claims.put("name", "ليلى 👩‍💻")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("habits")
    void somebody_of_an_issuer_with_this_habit_is_signed_in(String what, Consumer<OddIssuer> habit) {
        habit.accept(odd);
        Identity ada = signIn();
        assertThat(ada.email()).isEqualTo("ada@example.com");
        assertThat(ada.issuer()).isEqualTo(odd.url() + odd.ending);
        assertThat(ada.name()).isNotBlank().hasSizeLessThanOrEqualTo(255).doesNotContainPattern("\\p{Cc}");
        assertThat(ada.avatarUrl()).isNull();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault(
                        "the address not verified",
                        "not say that it verified",
                        i -> i.claims.put("email_verified", null)),
                fault(
                        "the address said not to be verified",
                        "not say that it verified",
                        i -> i.claims.put("email_verified", false)),
                fault("no address anywhere", "gave no e-mail address", i -> {
                    i.claims.put("email", null);
                    i.userInfo.put("sub", "u1");
                }),
                fault("UserInfo of somebody else", "speaks of somebody else", i -> {
                    i.claims.put("email", null);
                    i.userInfo.put("sub", "u2");
                    i.userInfo.put("email", "eve@example.com");
                }),
                fault(
                        "two audiences and no party",
                        "does not say for which it was made",
                        i -> i.claims.put("aud", List.of("lab", "other"))),
                fault("another audience", "for another client", i -> i.claims.put("aud", "other")),
                fault("a clock 90 s ahead", "from the future by more than 60 s", i -> i.ahead = 90),
                fault("a clock far behind", "has expired", i -> i.ahead = -400),
                fault("another issuer", "of the issuer https://evil", i -> i.claims.put("iss", "https://evil")));
    }

    private static Arguments fault(String what, String sentence, Consumer<OddIssuer> set) {
        return Arguments.of(what, sentence, set);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void what_is_wrong_is_refused_with_the_reason(String what, String sentence, Consumer<OddIssuer> fault) {
        fault.accept(odd);
        assertRefused(AuthError.SIGN_IN_REFUSED, sentence, this::signIn);
    }

    @Test
    void a_refusal_of_the_token_endpoint_is_told_with_its_own_reason() {
        odd.onlyMethod = "private_key_jwt";
        assertRefused(
                AuthError.ISSUER_INVALID,
                "answered 401: invalid_client only private_key_jwt??is registered",
                this::signIn);
        assertThat(odd.methodsSeen).containsExactly("client_secret_basic", "client_secret_post");
        odd.onlyMethod = "";
        odd.tokenStatus = 400;
        odd.tokenBody = "{\"error\":\"invalid_grant\",\"error_description\":\"code expired\"}";
        assertRefused(AuthError.SIGN_IN_REFUSED, "answered 400: invalid_grant code expired", this::signIn);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void a_failure_of_the_issuer_is_no_refusal(int status) {
        odd.tokenStatus = status;
        odd.tokenBody = "<html>Bad Gateway</html>";
        assertRefused(AuthError.ISSUER_UNAVAILABLE, "answered " + status, this::signIn);
    }

    @Test
    void the_policy_says_whether_addresses_must_be_verified_and_of_which_domains_they_may_be() {
        odd.claims.put("email_verified", null);
        assertThat(issuer(false).redeem("c", VERIFIER, "the-nonce").emailVerified())
                .isTrue();
        assertThat(issuer(false, "example.com", "example.org")
                        .redeem("c", VERIFIER, "the-nonce")
                        .email())
                .isEqualTo("ada@example.com");
        assertRefused(AuthError.SIGN_IN_REFUSED, "addresses of example.com are not admitted", () -> issuer(
                        false, "example.org")
                .redeem("c", VERIFIER, "the-nonce"));
        odd.claims.put("email", "ada@example.org@evil.example.com");
        assertRefused(AuthError.SIGN_IN_REFUSED, "addresses of evil.example.com are not admitted", () -> issuer(
                        false, "example.org")
                .redeem("c", VERIFIER, "the-nonce"));
        odd.claims.put("email", "Ada@EXAMPLE.org");
        assertThat(issuer(false, "example.org")
                        .redeem("c", VERIFIER, "the-nonce")
                        .email())
                .isEqualTo("Ada@EXAMPLE.org");
    }

    private static void assertRefused(ErrorCode code, String sentence, Runnable call) {
        assertThatThrownBy(call::run)
                .hasMessageContaining(sentence)
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
