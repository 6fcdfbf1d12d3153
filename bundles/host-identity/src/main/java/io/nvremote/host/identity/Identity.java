// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import io.nvremote.core.HostId;
import io.nvremote.lib.pem.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Who this host is: its id, key and certificate chain, and the authority whose servers it trusts. */
record Identity(HostId host, PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authority) {

    /** The identity that a certificate makes for these keys; chain and authority in PEM. */
    static Identity certified(HostId host, KeyPair keys, String chain, String authority)
            throws GeneralSecurityException {
        Identity identity = new Identity(host, keys.getPrivate(), Pem.certificates(chain), Pem.certificates(authority));
        if (!identity.certificate().getPublicKey().equals(keys.getPublic())) {
            throw new GeneralSecurityException("the certificate is for another key");
        }
        return identity;
    }

    /** The host's own certificate. */
    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** TLS 1.3 with this host's certificate, trusting the authority alone. */
    SSLContext tls() throws GeneralSecurityException {
        char[] none = new char[0];
        KeyStore keys = emptyStore();
        keys.setKeyEntry("host", key, none, chain.toArray(Certificate[]::new));
        // Not "PKIX": that one asks the key store at each handshake, which derives a key with 10 000 rounds each time.
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("SunX509");
        keyManagers.init(keys, none);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keyManagers.getKeyManagers(), trust(authority).getTrustManagers(), new SecureRandom());
        return context;
    }

    static TrustManagerFactory trust(List<X509Certificate> roots) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root-" + i, roots.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        return trust;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (java.io.IOException e) {
            throw new GeneralSecurityException("an empty key store can't be made", e);
        }
        return store;
    }

    @Override
    public String toString() {
        return "Identity[" + host + "]";
    }
}
