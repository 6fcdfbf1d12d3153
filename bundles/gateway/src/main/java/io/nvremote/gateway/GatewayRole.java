// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.relay.Relay;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway: datagrams from its one UDP port to the relay and back. {@link MetricsPage} shows its figures. */
@Designate(ocd = GatewayConfig.class)
@Component(
        service = {GatewayRole.class, MetricSource.class},
        immediate = true,
        configurationPid = GatewayConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class GatewayRole implements MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayRole.class);

    private final DatagramLoop loop;
    private final Relay relay;

    @Activate
    public GatewayRole(GatewayConfig config, @Reference Relay relay) {
        this(GatewaySettings.of(config), relay);
    }

    GatewayRole(GatewaySettings settings, Relay relay) {
        this.relay = relay;
        loop = DatagramLoop.open(settings.udp(), relay, Clock.system());
        LOG.atInfo().addKeyValue(Keys.PORT, loop.address().getPort()).log("the gateway is up");
    }

    @Override
    public void report(MetricReport to) {
        loop.report(to);
        GatewayMetrics.report(relay.counters(), to);
    }

    /** Whether the UDP port is served. */
    boolean isAlive() {
        return loop.alive();
    }

    /** The UDP port that is served. */
    int udpPort() {
        return loop.address().getPort();
    }

    @Deactivate
    void close() {
        loop.close();
    }
}
