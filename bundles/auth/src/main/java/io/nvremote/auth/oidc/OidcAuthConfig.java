// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of sign-in. */
@ObjectClassDefinition(name = "Sign-in and tokens")
public @interface OidcAuthConfig {

    String PID = "io.nvremote.auth";

    @AttributeDefinition(
            description =
                    "Where browsers reach this control plane: https://name[:port], or http:// with a loopback address.")
    String public_url();

    @AttributeDefinition(description = "The OpenID Connect issuer that people sign in at.")
    String issuer() default "https://accounts.google.com";

    @AttributeDefinition(description = "Our client id at the issuer; empty: sign-in is refused with NOT_CONFIGURED.")
    String client_id() default "";

    @AttributeDefinition(description = "File with our client secret at the issuer; empty for a public client.")
    String client_secret_file() default "";

    @AttributeDefinition(description = "PEM file of certificates to trust at the issuer; empty for the JDK's own.")
    String issuer_trust_file() default "";

    @AttributeDefinition(description = "What to ask the issuer for.")
    String scope() default "openid email profile";

    @AttributeDefinition(
            description =
                    "Whether the issuer must say that it verified a person's e-mail address. Set it to false for an"
                            + " issuer that never says so and whose addresses only its admins set (Entra ID, AD FS).")
    boolean require_verified_email() default true;

    @AttributeDefinition(description = "Domains of the e-mail addresses that may sign in; empty for all.")
    String[] allowed_domains() default {};
}
