// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.core.Clock;
import io.nvremote.core.GatewayId;
import io.nvremote.core.SessionId;
import io.nvremote.keys.KeyMaterial;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.GatewayLink;
import io.nvremote.relay.RelayCounters;
import io.nvremote.relay.RelaySession;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The control plane's end: one link for each configured gateway. */
@Designate(ocd = GatewayLinkConfig.class, factory = true)
@Component(
        immediate = true,
        configurationPid = GatewayLinkConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class GrpcGatewayLink implements GatewayLink {

    private final LinkedGateway gateway;

    @Activate
    public GrpcGatewayLink(
            GatewayLinkConfig config,
            Map<String, ?> present,
            @Reference(name = "keys", target = "(" + KeyMaterial.NAME + "=control-plane)") KeyMaterial keys) {
        GatewayLinkSettings settings = GatewayLinkSettings.of(config, present);
        Identity identity = new Identity(keys);
        identity.requireOwnName(Identity.CONTROL_PLANE);
        gateway = LinkedGateway.open(settings.gateway(), settings.target(), identity, Clock.system());
    }

    @Override
    public GatewayId id() {
        return gateway.id();
    }

    @Override
    public Optional<GatewayInfo> info() {
        return gateway.info();
    }

    @Override
    public boolean connected() {
        return gateway.connected();
    }

    @Override
    public void upsert(RelaySession session) {
        gateway.upsert(session);
    }

    @Override
    public boolean remove(SessionId session) {
        return gateway.remove(session);
    }

    @Override
    public boolean replaceAll(Collection<RelaySession> sessions) {
        return gateway.replaceAll(sessions);
    }

    @Override
    public RelayCounters metrics() {
        return gateway.metrics();
    }

    @Deactivate
    void close() {
        gateway.close();
    }
}
