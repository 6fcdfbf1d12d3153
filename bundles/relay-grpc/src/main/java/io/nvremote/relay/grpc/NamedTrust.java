// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Believes certificates of one authority that carry one name (a URI in the subject alternative names). The name takes the
 * place of the host name: a gateway is who it is wherever it runs. Safe for any thread.
 */
final class NamedTrust extends X509ExtendedTrustManager {

    private final X509TrustManager authority;
    private final String name;

    NamedTrust(List<X509Certificate> authorities, String name) {
        this.authority = pkix(authorities);
        this.name = name;
    }

    private static X509TrustManager pkix(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("every JDK has a PKIX trust manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("an authority in memory can't fail", e);
        }
    }

    private void server(X509Certificate[] chain, String type) throws CertificateException {
        authority.checkServerTrusted(chain, type);
        checkName(chain);
    }

    private void client(X509Certificate[] chain, String type) throws CertificateException {
        authority.checkClientTrusted(chain, type);
        checkName(chain);
    }

    private void checkName(X509Certificate[] chain) throws CertificateException {
        if (!Identity.named(chain[0], name)) {
            throw new CertificateException("the certificate does not name " + name);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        server(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        server(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        server(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        client(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        client(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        client(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authority.getAcceptedIssuers();
    }
}
