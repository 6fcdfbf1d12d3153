// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.core.GatewayId;
import io.nvremote.core.Keys;
import io.nvremote.keys.KeyMaterial;
import io.nvremote.relay.GatewayControl;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.RelayTable;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's end: a gRPC server that only its control plane may call. */
@Designate(ocd = GatewayControlConfig.class)
@Component(
        immediate = true,
        configurationPid = GatewayControlConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class GrpcGatewayControl implements GatewayControl {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcGatewayControl.class);

    private final GatewayInfo info;
    private final ControlServer server;

    @Activate
    public GrpcGatewayControl(
            GatewayControlConfig config,
            Map<String, ?> present,
            @Reference RelayTable table,
            @Reference(name = "keys", target = "(" + KeyMaterial.NAME + "=gateway)") KeyMaterial keys) {
        GatewayControlSettings settings = GatewayControlSettings.of(config, present);
        Identity identity = new Identity(keys);
        GatewayId id = settings.gateway();
        identity.requireOwnName(Identity.gateway(id.toString()));
        info = new GatewayInfo(id, settings.endpoint(), identity.fingerprint());
        server = ControlServer.open(settings.address(), identity, table, info);
        LOG.atInfo()
                .addKeyValue(Keys.GATEWAY, id)
                .addKeyValue(Keys.PORT, port())
                .log("the control port is open");
    }

    @Override
    public GatewayInfo info() {
        return info;
    }

    @Override
    public int port() {
        return server.port();
    }

    @Deactivate
    void close() {
        server.close();
    }
}
