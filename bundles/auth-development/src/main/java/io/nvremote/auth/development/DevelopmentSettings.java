// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.development;

import io.nvremote.lib.settings.Settings;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Validated settings. Immutable. */
record DevelopmentSettings(URI issuer, String clientId, String redirectUri, Map<String, Person> people) {

    static final String PATH = "/development-identity";

    /** Somebody who can be chosen. */
    record Person(String id, String name, String email) {}

    private static final Settings READER = new Settings(DevelopmentConfig.PID);

    static DevelopmentSettings of(DevelopmentConfig config) {
        URI issuer = READER.server("issuer", config.issuer(), "https", "http");
        String host = String.valueOf(issuer.getHost());
        if (!host.equals("127.0.0.1") && !host.equals("[::1]") && !host.equals("localhost")) {
            throw READER.refused("issuer", config.issuer(), "on a loopback address: this provider believes everybody");
        }
        if (!PATH.equals(issuer.getPath())) {
            throw READER.refused("issuer", config.issuer(), "one that ends in " + PATH);
        }
        String redirectUri = READER.text("redirect.uri", config.redirect_uri());
        Map<String, Person> people = new LinkedHashMap<>();
        for (String line : config.users()) {
            String[] parts = line.split("\\|", -1);
            if (parts.length != 3 || !parts[0].matches("[a-z0-9-]{1,64}") || !parts[2].contains("@")) {
                throw READER.refused("users", line, "id|name|e-mail");
            }
            people.put(parts[0], new Person(parts[0], parts[1], parts[2]));
        }
        if (people.isEmpty()) {
            throw READER.refused("users", "", "somebody");
        }
        return new DevelopmentSettings(issuer, READER.text("client.id", config.client_id()), redirectUri, people);
    }
}
