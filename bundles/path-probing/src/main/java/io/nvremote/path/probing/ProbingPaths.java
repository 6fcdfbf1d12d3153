// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.path.PathListener;
import io.nvremote.path.PathOutput;
import io.nvremote.path.PathProvider;
import io.nvremote.path.PathSelection;
import io.nvremote.path.PathSpec;
import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Paths that are found by a ticketed binding to the relay and by probes between the peers. Holds nothing itself. */
@Component
public final class ProbingPaths implements PathProvider {

    @Override
    public PathSelection open(PathSpec spec, byte[] secret, PathOutput output, PathListener listener, long now) {
        return new PathSelector(PathSetup.of(spec, secret), output, listener, now);
    }

    @Override
    public List<InetSocketAddress> hostAddresses(InetSocketAddress relay, int port) {
        return HostAddresses.read(relay, port);
    }
}
