// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer says of a person (OpenID Connect Core section 5.1), in the ways that real ones say it: texts for booleans,
 * claims that are there in one place and missing in another, pictures that are no addresses. Immutable.
 */
final class Profile {

    private static final int MAX_NAME = 255;
    private static final int MAX_PICTURE = 2048;

    private final Map<String, Object> claims;

    /** @param claims those of the ID token */
    Profile(Map<String, Object> claims) {
        this.claims = Map.copyOf(present(claims));
    }

    /** With what the UserInfo endpoint says where the ID token says nothing; its subject must be the token's (section 5.3.2). */
    Profile completedBy(Map<String, Object> userInfo) {
        Map<String, Object> all = present(userInfo);
        all.putAll(claims);
        return new Profile(all);
    }

    /** The address, if there is one. */
    Optional<String> email() {
        return text("email").filter(address -> address.indexOf('@') > 0);
    }

    /** Whether the issuer says that the address is the person's: {@code true}, or the same as a text. */
    boolean emailVerified() {
        Object said = claims.get("email_verified");
        return Boolean.TRUE.equals(said) || (said instanceof String text && "true".equalsIgnoreCase(text.strip()));
    }

    /** A name to show: what the issuer calls the person, without what can't be shown, at most 255 characters. */
    String name(String otherwise) {
        String name = text("name").or(() -> text("preferred_username")).orElse(otherwise);
        StringBuilder fit = new StringBuilder();
        name.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .takeWhile(c -> fit.length() + Character.charCount(c) <= MAX_NAME)
                .forEach(fit::appendCodePoint);
        return fit.toString().isBlank() ? otherwise : fit.toString().strip();
    }

    /** The address of a picture; null for everything that is none, such as a picture itself. */
    @Nullable
    String picture() {
        return text("picture")
                .filter(address -> address.startsWith("https://") && address.length() <= MAX_PICTURE)
                .orElse(null);
    }

    private Optional<String> text(String claim) {
        return claims.get(claim) instanceof String text && !text.isBlank()
                ? Optional.of(text.strip())
                : Optional.empty();
    }

    private static Map<String, Object> present(Map<String, Object> claims) {
        Map<String, Object> present = new HashMap<>(claims);
        present.values().removeIf(value -> value == null || "".equals(value));
        return present;
    }
}
