// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.development;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Validated settings. Immutable. */
record DevelopmentSettings(URI issuer, String clientId, String redirectUri, Map<String, Person> people) {

    static final String PATH = "/development-identity";

    /** Somebody who can be chosen. */
    record Person(String id, String name, String email) {}

    static DevelopmentSettings of(DevelopmentConfig config) {
        URI issuer;
        try {
            issuer = URI.create(config.issuer());
        } catch (IllegalArgumentException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    DevelopmentConfig.PID + " issuer=" + config.issuer() + ": not a URL",
                    e);
        }
        String host = String.valueOf(issuer.getHost());
        if (!host.equals("127.0.0.1") && !host.equals("[::1]") && !host.equals("localhost")) {
            throw refused("issuer", config.issuer(), "must have a loopback address: this provider believes everybody");
        }
        if (!PATH.equals(issuer.getPath())) {
            throw refused("issuer", config.issuer(), "must end in " + PATH);
        }
        if (config.redirect_uri().isBlank()) {
            throw refused("redirect.uri", "", "must not be empty");
        }
        Map<String, Person> people = new LinkedHashMap<>();
        for (String line : config.users()) {
            String[] parts = line.split("\\|", -1);
            if (parts.length != 3 || !parts[0].matches("[a-z0-9-]{1,64}") || !parts[2].contains("@")) {
                throw refused("users", line, "must be id|name|e-mail");
            }
            people.put(parts[0], new Person(parts[0], parts[1], parts[2]));
        }
        if (people.isEmpty()) {
            throw refused("users", "", "must name somebody");
        }
        return new DevelopmentSettings(issuer, config.client_id(), config.redirect_uri(), people);
    }

    private static StreamException refused(String key, String value, String rule) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION, DevelopmentConfig.PID + " " + key + "=" + value + ": " + rule);
    }
}
