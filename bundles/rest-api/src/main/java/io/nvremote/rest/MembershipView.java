// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.directory.Membership;
import java.util.Locale;

/** A user's place in an organisation. */
public record MembershipView(
        @Says(format = "uuid") String orgId,
        String orgName,
        String orgSlug,
        @Says(values = {"admin", "member", "guest"}) String role) {

    public static MembershipView of(Membership m) {
        return new MembershipView(
                m.org().toString(), m.orgName(), m.orgSlug(), m.role().name().toLowerCase(Locale.ROOT));
    }
}
