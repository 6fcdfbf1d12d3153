// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Believes certificates of one authority that carry one name (a URI in the subject alternative names). The name takes the
 * place of the host name: a gateway is who it is wherever it runs. Safe for any thread.
 */
final class NamedTrust extends X509ExtendedTrustManager {

    private final X509TrustManager authority;
    private final String name;

    NamedTrust(X509TrustManager authority, String name) {
        this.authority = authority;
        this.name = name;
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
