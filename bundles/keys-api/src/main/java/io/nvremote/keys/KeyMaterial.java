// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys;

import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What one end of TLS shows and whom it believes. A service with the property {@link #NAME}. What it gives is live: each
 * handshake uses what is in force at its time, so that a renewed certificate needs no restart and nothing to be opened anew.
 * Before there is anything, handshakes fail. Safe for any thread.
 */
@ProviderType
public interface KeyMaterial {

    /** The service property that users choose by, such as {@code server}. */
    String NAME = "keys.name";

    /** Own key and certificates. */
    X509ExtendedKeyManager keyManager();

    /** Whose certificates are believed; nobody's before there is anything. */
    X509ExtendedTrustManager trustManager();

    /** TLS 1.3 with both. */
    SSLContext tls();

    /**
     * The own certificate that is in force now.
     *
     * @throws io.nvremote.core.StreamException {@code INVALID_CONFIGURATION} if there never was any that could be used; the
     *     message names what lacks
     */
    X509Certificate certificate();

    /** Where the material comes from, for messages: a configuration and a place, never a secret. */
    String origin();
}
