// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.Clock;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.lib.services.Current;
import io.nvremote.lib.services.Successor;
import io.nvremote.path.PathProvider;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.tunnel.TunnelSpec;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Session tunnels in this process: no driver, no device, no administrator rights. */
@Component(property = TunnelProvider.PROVIDER + "=java")
public final class WireguardProvider implements TunnelProvider {

    private final Set<WireguardTunnel> open = ConcurrentHashMap.newKeySet();
    private final Current<PathProvider> paths = new Current<>();

    /** For a runtime, which binds the paths. */
    @Activate
    public WireguardProvider() {}

    WireguardProvider(PathProvider paths) {
        bindPaths(paths);
    }

    /** For tunnels opened from now on. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindPaths(PathProvider next) {
        paths.set(next);
    }

    void unbindPaths(PathProvider gone) {
        paths.unset(gone);
    }

    @Override
    public TunnelKeys newKeys() {
        byte[] privateKey = Curve25519.newPrivateKey();
        return new TunnelKeys(privateKey, TunnelPublicKey.of(Curve25519.publicKey(privateKey)));
    }

    @Override
    public Tunnel open(TunnelSpec spec, TunnelListener listener) {
        open.removeIf(WireguardTunnel::isClosed);
        WireguardTunnel tunnel = WireguardTunnel.open(spec, paths.get(), listener, Clock.system());
        open.add(tunnel);
        return tunnel;
    }

    /** Ends the tunnels that their owners left open: no key outlives the bundle, unless another goes on in its place. */
    @Deactivate
    void stop(BundleContext context) {
        if (!Successor.isThere(context, TunnelProvider.class)) {
            close();
        }
    }

    void close() {
        open.forEach(Tunnel::close);
        open.clear();
    }
}
