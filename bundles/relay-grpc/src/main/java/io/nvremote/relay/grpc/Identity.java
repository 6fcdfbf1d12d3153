// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.nvremote.core.CoreError;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.StreamException;
import io.nvremote.keys.KeyMaterial;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Who this end is and whom it believes: key material that is live, and the names in certificates. Safe for any thread.
 */
final class Identity {

    /** The name in a control plane's certificate. */
    static final String CONTROL_PLANE = "spiffe://nvremote/control-plane";

    private static final String GATEWAY = "spiffe://nvremote/gateway/";
    private static final String PROTOCOL = "TLSv1.3";
    private static final int SUBJECT_ALTERNATIVE_URI = 6;

    private final KeyMaterial keys;

    Identity(KeyMaterial keys) {
        this.keys = keys;
    }

    /** The name in the certificate of the gateway with that id. */
    static String gateway(String id) {
        return GATEWAY + id;
    }

    /** Whether a certificate carries that name. */
    static boolean named(X509Certificate certificate, String name) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .anyMatch(n -> n.getFirst().equals(SUBJECT_ALTERNATIVE_URI)
                                    && n.get(1).equals(name));
        } catch (GeneralSecurityException e) {
            return false; // a certificate that can't be read names nobody
        }
    }

    /** SHA-256 of the own certificate. */
    GatewayKey fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(keys.certificate().getEncoded());
            return GatewayKey.of(digest);
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** The own certificate must carry that name, or the other end would refuse us without our knowing why. */
    void requireOwnName(String name) {
        if (!named(keys.certificate(), name)) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    keys.origin() + ": must name " + name + " as subject alternative URI");
        }
    }

    /** TLS 1.3 that demands a certificate of the authority from the client. */
    SslContext server() {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forServer(keys.keyManager()), SslProvider.JDK)
                    .trustManager(new NamedTrust(keys.trustManager(), CONTROL_PLANE))
                    .clientAuth(ClientAuth.REQUIRE)
                    .protocols(PROTOCOL)
                    .build();
        } catch (SSLException e) {
            throw unusable(e);
        }
    }

    /** TLS 1.3 that believes one name only, whatever the address. */
    SslContext client(String serverName) {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .keyManager(keys.keyManager())
                    .trustManager(new NamedTrust(keys.trustManager(), serverName))
                    .protocols(PROTOCOL)
                    .build();
        } catch (SSLException e) {
            throw unusable(e);
        }
    }

    private StreamException unusable(Exception cause) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION, keys.origin() + ": can't be used: " + cause.getMessage(), cause);
    }
}
