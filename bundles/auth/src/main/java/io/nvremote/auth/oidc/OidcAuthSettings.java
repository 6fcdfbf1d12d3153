// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.core.Secret;
import io.nvremote.lib.settings.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Validated settings of sign-in. Immutable. */
record OidcAuthSettings(
        URI publicUrl,
        URI issuer,
        String clientId,
        Optional<Secret> clientSecret,
        Optional<Path> issuerTrust,
        String scope,
        Admission admission) {

    private static final Pattern DOMAIN = Pattern.compile("[\\p{L}0-9-]+(\\.[\\p{L}0-9-]+)+");
    private static final Settings READER = new Settings(OidcAuthConfig.PID);
    private static final Map<String, String> GONE = Map.of(
            "data.folder", "write a folder under io.nvremote.keys.file.shared, and move token-signing-key.json there");

    static OidcAuthSettings of(OidcAuthConfig config, Map<String, ?> present) {
        refuseFormer(present);
        return new OidcAuthSettings(
                base("public.url", config.public_url()),
                issuer(config.issuer()),
                READER.textOrEmpty("client.id", config.client_id()),
                config.client_secret_file().isBlank() ? Optional.empty() : Optional.of(secret(config)),
                Optional.ofNullable(READER.pathOrNone("issuer.trust.file", config.issuer_trust_file())),
                READER.text("scope", config.scope()),
                new Admission(config.require_verified_email(), domains(config.allowed_domains())));
    }

    static void refuseFormer(Map<String, ?> present) {
        READER.defunct(present, GONE);
    }

    /** Where the issuer sends the browser back to. */
    URI callback() {
        return URI.create(publicUrl + "/api/v1/auth/callback");
    }

    /** No slash at the end: paths are put behind it. */
    private static URI base(String key, String value) {
        URI uri = READER.server(key, value, "https", "http");
        READER.require(!uri.getPath().endsWith("/"), key, value, "without a slash at the end");
        return uri;
    }

    /** Some issuers end in a slash and some do not: it makes no difference here. */
    private static URI issuer(String value) {
        return base("issuer", value.strip().replaceFirst("/$", ""));
    }

    private static Set<String> domains(String[] names) {
        return Arrays.stream(names)
                .map(name -> READER.text(
                        "allowed.domains", name.strip().toLowerCase(Locale.ROOT), DOMAIN, "a domain like example.org"))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Secret secret(OidcAuthConfig config) {
        Path file = READER.file("client.secret.file", config.client_secret_file());
        return READER.secret("client.secret.file", "file:" + file);
    }
}
