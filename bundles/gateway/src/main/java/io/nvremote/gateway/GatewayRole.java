// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.relay.Relay;
import io.nvremote.runtime.FailedPart;
import io.nvremote.runtime.RuntimeHealth;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway: datagrams from its one UDP port to the relay and back, figures on a page beside it. */
@Designate(ocd = GatewayConfig.class)
@Component(
        service = GatewayRole.class,
        immediate = true,
        configurationPid = GatewayConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class GatewayRole {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayRole.class);

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable RuntimeHealth runtime;

    private final DatagramLoop loop;
    private final MetricsPage page;

    @Activate
    public GatewayRole(GatewayConfig config, @Reference Relay relay) {
        this(GatewaySettings.of(config), relay);
    }

    GatewayRole(GatewaySettings settings, Relay relay) {
        loop = DatagramLoop.open(settings.udp(), relay, Clock.system());
        try {
            page = MetricsPage.open(
                    settings.metricsPort(),
                    () -> GatewayMetrics.of(
                            relay.counters(), loop.received(), loop.sendFailures(), loop.relayFailures()),
                    loop::alive,
                    this::failed);
        } catch (RuntimeException e) {
            loop.close();
            throw e;
        }
        LOG.atInfo()
                .addKeyValue(Keys.PORT, loop.address().getPort())
                .addKeyValue("metrics_port", page.port())
                .log("the gateway is up");
    }

    private List<String> failed() {
        RuntimeHealth now = runtime;
        return now == null
                ? List.of()
                : now.failed().stream().map(FailedPart::name).toList();
    }

    /** The UDP port that is served. */
    int udpPort() {
        return loop.address().getPort();
    }

    /** The port of the figures. */
    int metricsPort() {
        return page.port();
    }

    @Deactivate
    void close() {
        page.close();
        loop.close();
    }
}
