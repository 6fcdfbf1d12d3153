// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tck.TunnelContract;
import io.nvremote.tunnel.TunnelProvider;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A tunnel that owns its socket keeps the contract as well: paths come to it through a proxy. */
class WireguardGoContractTest extends TunnelContract {

    private final ProbingPaths paths = new ProbingPaths();
    private final WireguardProvider peer = new WireguardProvider(paths);

    @BeforeAll
    static void needs() {
        Machines.needTools();
    }

    @Override
    protected TunnelProvider provider() {
        return new WireguardGoProvider(paths);
    }

    @Override
    protected TunnelProvider peer() {
        return peer;
    }

    @Override
    protected Duration watched() {
        return Duration.ofSeconds(Integer.getInteger("wireguard.soak.seconds", 130));
    }

    @AfterEach
    void closePeer() {
        peer.close();
    }
}
