// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.Clock;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.path.PathProvider;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.tunnel.TunnelSpec;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Session tunnels in this process: no driver, no device, no administrator rights. */
@Component(property = TunnelProvider.PROVIDER + "=java")
public final class WireguardProvider implements TunnelProvider {

    private final Set<WireguardTunnel> open = ConcurrentHashMap.newKeySet();
    private final PathProvider paths;

    @Activate
    public WireguardProvider(@Reference PathProvider paths) {
        this.paths = paths;
    }

    @Override
    public TunnelKeys newKeys() {
        byte[] privateKey = Curve25519.newPrivateKey();
        return new TunnelKeys(privateKey, TunnelPublicKey.of(Curve25519.publicKey(privateKey)));
    }

    @Override
    public Tunnel open(TunnelSpec spec, TunnelListener listener) {
        open.removeIf(WireguardTunnel::isClosed);
        WireguardTunnel tunnel = WireguardTunnel.open(spec, paths, listener, Clock.system());
        open.add(tunnel);
        return tunnel;
    }

    /** Ends the tunnels that their owners left open: no key outlives the bundle. */
    @Deactivate
    void close() {
        open.forEach(Tunnel::close);
        open.clear();
    }
}
