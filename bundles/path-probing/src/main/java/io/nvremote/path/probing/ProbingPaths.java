// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.core.Clock;
import io.nvremote.lib.services.Successor;
import io.nvremote.path.LocalProxy;
import io.nvremote.path.PathListener;
import io.nvremote.path.PathOutput;
import io.nvremote.path.PathProvider;
import io.nvremote.path.PathSelection;
import io.nvremote.path.PathSpec;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Paths that are found by a ticketed binding to the relay and by probes between the peers. */
@Component
public final class ProbingPaths implements PathProvider {

    private final Set<LoopbackProxy> open = ConcurrentHashMap.newKeySet();

    @Override
    public PathSelection open(PathSpec spec, byte[] secret, PathOutput output, PathListener listener, long now) {
        return new PathSelector(PathSetup.of(spec, secret), output, listener, now);
    }

    @Override
    public LocalProxy proxy(PathSpec spec, byte[] secret, int tunnelPort, PathListener listener) {
        open.removeIf(LoopbackProxy::isClosed);
        LoopbackProxy proxy = LoopbackProxy.open(PathSetup.of(spec, secret), tunnelPort, listener, Clock.system());
        open.add(proxy);
        return proxy;
    }

    /** Ends the proxies that their tunnels left open: no socket outlives the bundle, unless another goes on in its place. */
    @Deactivate
    void stop(BundleContext context) {
        if (!Successor.isThere(context, PathProvider.class)) {
            close();
        }
    }

    void close() {
        open.forEach(LocalProxy::close);
        open.clear();
    }

    @Override
    public List<InetSocketAddress> hostAddresses(InetSocketAddress relay, int port) {
        return HostAddresses.read(relay, port);
    }
}
