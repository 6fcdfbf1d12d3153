// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tck.TunnelContract;
import io.nvremote.tunnel.TunnelProvider;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** Our engine keeps the contract of tunnels. */
class WireguardContractTest extends TunnelContract {

    private final WireguardProvider provider = new WireguardProvider(new ProbingPaths());

    @Override
    protected TunnelProvider provider() {
        return provider;
    }

    @Override
    protected TunnelProvider peer() {
        return provider;
    }

    /** Renewals are seen in virtual time ({@link EngineInVirtualTimeTest}) and against wireguard-go. */
    @Override
    protected Duration watched() {
        return Duration.ofSeconds(5);
    }

    @AfterEach
    void closeProvider() {
        provider.close();
    }
}
