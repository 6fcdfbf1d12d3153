// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.orgs;

import io.nvremote.directory.Org;
import io.nvremote.directory.Role;
import io.nvremote.rest.Says;
import java.util.Locale;

/** An organisation, and the caller's role in it. */
public record OrgView(
        @Says(format = "uuid") String id,
        String name,
        String slug,
        @Says(format = "date-time") String createdAt,
        @Says(values = {"admin", "member", "guest"}) String role) {

    static OrgView of(Org org, Role role) {
        return new OrgView(
                org.id().toString(),
                org.name(),
                org.slug(),
                org.createdAt().toString(),
                role.name().toLowerCase(Locale.ROOT));
    }
}
