// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.AuthError;
import io.nvremote.core.StreamException;
import java.util.Locale;
import java.util.Set;

/**
 * Whom this control plane admits of those that the issuer vouches for. Immutable.
 *
 * @param verifiedOnly whether the issuer must say that it verified the address
 * @param domains lower-case domains of the addresses that are admitted; empty for all
 */
record Admission(boolean verifiedOnly, Set<String> domains) {

    /** The address of somebody who is admitted; {@link AuthError#SIGN_IN_REFUSED} with the reason for others. */
    String email(Profile profile) {
        String email = profile.email()
                .orElseThrow(() ->
                        refused("the identity provider gave no e-mail address: the account needs one, and the scope"
                                + " must include email"));
        if (verifiedOnly && !profile.emailVerified()) {
            throw refused("the identity provider does not say that it verified the address " + Said.plain(email) + "; "
                    + OidcAuthConfig.PID + " require.verified.email decides whether it must");
        }
        String domain = email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        if (!domains.isEmpty() && !domains.contains(domain)) {
            throw refused("addresses of " + Said.plain(domain) + " are not admitted here; " + OidcAuthConfig.PID
                    + " allowed.domains says which are");
        }
        return email;
    }

    private static StreamException refused(String why) {
        return new StreamException(AuthError.SIGN_IN_REFUSED, why);
    }
}
