// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.nvremote.auth.AuthError;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's token endpoint: trades a code, with our secret shown in the way the issuer wants it (OpenID Connect Core section
 * 9). Safe for any thread.
 */
final class TokenEndpoint {

    private static final String BASIC = "client_secret_basic";
    private static final String POST = "client_secret_post";
    private static final String NONE = "none";
    /** Refusals that say nothing of the person: whoever runs the control plane must act. */
    private static final Set<String> OURS =
            Set.of("invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope");

    private final URI address;
    private final OidcAuthSettings settings;
    private final IssuerHttp http;
    private volatile String method;

    /** @param methods what discovery says; empty if it says nothing */
    TokenEndpoint(URI address, List<String> methods, OidcAuthSettings settings, IssuerHttp http) {
        this.address = address;
        this.settings = settings;
        this.http = http;
        // OpenID Connect Discovery section 3: without a word it is client_secret_basic.
        method = settings.clientSecret().isEmpty()
                ? NONE
                : methods.contains(POST) && !methods.contains(BASIC) ? POST : BASIC;
    }

    /** What the issuer gives for its code. */
    Map<String, Object> redeem(Map<String, String> parameters) {
        String first = method;
        IssuerHttp.Answer answer = ask(parameters, first);
        if (answer.status() != 200
                && !NONE.equals(first)
                && "invalid_client".equals(error(answer).get("error"))) {
            // Discovery documents are wrong about this now and then; a code survives a client that was not recognised.
            String second = BASIC.equals(first) ? POST : BASIC;
            IssuerHttp.Answer again = ask(parameters, second);
            if (again.status() == 200) {
                method = second;
                answer = again;
            }
        }
        if (answer.status() != 200) {
            throw refused(answer);
        }
        return Issuer.json(answer.body(), "token response");
    }

    private IssuerHttp.Answer ask(Map<String, String> parameters, String by) {
        Map<String, String> form = new LinkedHashMap<>(parameters);
        Secret basic = null;
        if (BASIC.equals(by)) {
            basic = settings.clientSecret().map(this::basic).orElseThrow();
        } else {
            form.put("client_id", settings.clientId());
            settings.clientSecret().ifPresent(secret -> form.put("client_secret", secret.reveal()));
        }
        return http.post(address, Issuer.form(form), basic);
    }

    /** RFC 6749 section 2.3.1: both are encoded as in a form before they are joined. */
    private Secret basic(Secret secret) {
        String pair = encoded(settings.clientId()) + ":" + encoded(secret.reveal());
        return new Secret("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static StreamException refused(IssuerHttp.Answer answer) {
        Map<String, Object> error = error(answer);
        String code = said(error.get("error"));
        String why = "the issuer's token endpoint answered " + answer.status()
                + Optional.of(code + " " + said(error.get("error_description")))
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .map(text -> ": " + text)
                        .orElse("");
        if (answer.status() >= 500 || answer.status() == 429) {
            return new StreamException(AuthError.ISSUER_UNAVAILABLE, why);
        }
        return new StreamException(OURS.contains(code) ? AuthError.ISSUER_INVALID : AuthError.SIGN_IN_REFUSED, why);
    }

    /** RFC 6749 section 5.2; empty if the answer has another form. */
    private static Map<String, Object> error(IssuerHttp.Answer answer) {
        try {
            return JSONObjectUtils.parse(answer.body());
        } catch (ParseException e) {
            return Map.of();
        }
    }

    private static String said(@Nullable Object value) {
        return value instanceof String text ? Said.plain(text) : "";
    }
}
