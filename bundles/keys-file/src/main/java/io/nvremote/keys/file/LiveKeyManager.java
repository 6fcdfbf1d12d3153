// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Answers from what is in force now. */
final class LiveKeyManager extends X509ExtendedKeyManager {

    private final Supplier<KeyFiles.@Nullable Material> material;

    LiveKeyManager(Supplier<KeyFiles.@Nullable Material> material) {
        this.material = material;
    }

    @Override
    @SuppressWarnings("NullAway") // The JDK's contract: null when there is none.
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        KeyFiles.Material now = material.get();
        return now == null ? null : now.keys().chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    @SuppressWarnings("NullAway")
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        KeyFiles.Material now = material.get();
        return now == null ? null : now.keys().chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    @SuppressWarnings("NullAway")
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        KeyFiles.Material now = material.get();
        return now == null ? null : now.keys().getServerAliases(keyType, issuers);
    }

    @Override
    @SuppressWarnings("NullAway")
    public X509Certificate[] getCertificateChain(String alias) {
        KeyFiles.Material now = material.get();
        return now == null ? null : now.keys().getCertificateChain(alias);
    }

    @Override
    @SuppressWarnings("NullAway")
    public PrivateKey getPrivateKey(String alias) {
        KeyFiles.Material now = material.get();
        return now == null ? null : now.keys().getPrivateKey(alias);
    }

    @Override
    @SuppressWarnings("NullAway")
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        KeyFiles.Material now = material.get();
        return now == null ? null : now.keys().getClientAliases(keyType, issuers);
    }

    @Override
    @SuppressWarnings("NullAway")
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        KeyFiles.Material now = material.get();
        return now == null ? null : now.keys().chooseClientAlias(keyType, issuers, socket);
    }

    @Override
    @SuppressWarnings("NullAway")
    public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
        KeyFiles.Material now = material.get();
        return now == null ? null : now.keys().chooseEngineClientAlias(keyType, issuers, engine);
    }
}
