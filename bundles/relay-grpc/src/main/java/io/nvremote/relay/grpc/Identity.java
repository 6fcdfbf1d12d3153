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
import io.nvremote.lib.tls.KeyFiles;
import io.nvremote.lib.tls.LiveKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Who this end is and whom it believes: a certificate with key, and an authority, from PEM files that are read again when
 * they change. Safe for any thread.
 */
final class Identity {

    /** The name in a control plane's certificate. */
    static final String CONTROL_PLANE = "spiffe://nvremote/control-plane";

    private static final String GATEWAY = "spiffe://nvremote/gateway/";
    private static final String PROTOCOL = "TLSv1.3";
    private static final int SUBJECT_ALTERNATIVE_URI = 6;

    private final String pid;
    private final KeyFiles files;
    private final LiveKeys live;

    /** @param pid the configuration that named the files, for what is wrong with them */
    Identity(String pid, KeyFiles files) {
        this.pid = pid;
        this.files = files;
        this.live = new LiveKeys(files);
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
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(own().getEncoded());
            return GatewayKey.of(digest);
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** The own certificate must carry that name, or the other end would refuse us without our knowing why. */
    void requireOwnName(String name) {
        if (!named(own(), name)) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    pid + " certificate.file=" + files.certificate() + ": must name " + name
                            + " as subject alternative URI");
        }
    }

    private X509Certificate own() {
        KeyFiles.Material now = live.get();
        if (now == null) {
            try {
                return files.read().own(); // Says what is wrong.
            } catch (IOException | GeneralSecurityException e) {
                throw unusable(e);
            }
        }
        return now.own();
    }

    /** TLS 1.3 that demands a certificate of the authority from the client. */
    SslContext server() {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forServer(live.keyManager()), SslProvider.JDK)
                    .trustManager(new NamedTrust(live.trustManager(), CONTROL_PLANE))
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
                    .keyManager(live.keyManager())
                    .trustManager(new NamedTrust(live.trustManager(), serverName))
                    .protocols(PROTOCOL)
                    .build();
        } catch (SSLException e) {
            throw unusable(e);
        }
    }

    private StreamException unusable(Exception cause) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION,
                pid + " certificate.file, key.file, ca.file: can't be used: " + cause.getMessage(),
                cause);
    }
}
