// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.TunnelPublicKey;
import io.nvremote.path.PathProvider;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.tunnel.TunnelSpec;

/** A provider that owns its socket, as one for the kernel would be: wireguard-go, reached through the path's proxy. */
record WireguardGoProvider(PathProvider paths) implements TunnelProvider {

    @Override
    public TunnelKeys newKeys() {
        byte[] privateKey = Curve25519.newPrivateKey();
        return new TunnelKeys(privateKey, TunnelPublicKey.of(Curve25519.publicKey(privateKey)));
    }

    @Override
    public Tunnel open(TunnelSpec spec, TunnelListener listener) {
        return WireguardGoTunnel.open(spec, paths, listener);
    }
}
