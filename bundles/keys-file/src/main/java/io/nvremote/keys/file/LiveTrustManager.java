// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts what is in force now; nobody before that. */
final class LiveTrustManager extends X509ExtendedTrustManager {

    private final Supplier<KeyFiles.@Nullable Material> material;

    LiveTrustManager(Supplier<KeyFiles.@Nullable Material> material) {
        this.material = material;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        now().checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        now().checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        now().checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        now().checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        now().checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        now().checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        KeyFiles.Material now = material.get();
        return now == null ? new X509Certificate[0] : now.trust().getAcceptedIssuers();
    }

    private X509ExtendedTrustManager now() throws CertificateException {
        KeyFiles.Material now = material.get();
        if (now == null) {
            throw new CertificateException("no authority is configured yet");
        }
        return now.trust();
    }
}
