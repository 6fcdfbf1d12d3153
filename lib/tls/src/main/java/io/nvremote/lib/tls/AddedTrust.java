// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.tls;

import io.nvremote.lib.pem.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Trust of a dialler: the JDK's authorities and those of one PEM file. */
public final class AddedTrust {

    private AddedTrust() {}

    /** For TLS by which the certificates in {@code pem} are believed beside the JDK's own. */
    public static SSLContext beside(Path pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (X509TrustManager jdk : managers(null)) {
            for (X509Certificate authority : jdk.getAcceptedIssuers()) {
                store.setCertificateEntry("jdk-" + store.size(), authority);
            }
        }
        for (Certificate own : Pem.certificates(Files.readAllBytes(pem))) {
            store.setCertificateEntry("own-" + store.size(), own);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers(store).toArray(new TrustManager[0]), null);
        return context;
    }

    private static List<X509TrustManager> managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        List<X509TrustManager> found = new ArrayList<>();
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                found.add(x509);
            }
        }
        return found;
    }
}
