// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.core.CoreError;
import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.relay.GatewayControl;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.RelayTable;
import java.net.InetSocketAddress;
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
    public GrpcGatewayControl(GatewayControlConfig config, @Reference RelayTable table) {
        Identity identity =
                Identity.of(GatewayControlConfig.PID, config.certificate_file(), config.key_file(), config.ca_file());
        GatewayId id = GatewayId.of(config.gateway_id());
        identity.requireOwnName(Identity.gateway(id.toString()));
        info = new GatewayInfo(id, endpoint(config.endpoint()), identity.fingerprint());
        server = ControlServer.open(new InetSocketAddress(config.bind_address(), config.port()), identity, table, info);
        LOG.atInfo()
                .addKeyValue(Keys.GATEWAY, id)
                .addKeyValue(Keys.PORT, port())
                .log("the control port is open");
    }

    private static Endpoint endpoint(String text) {
        try {
            return Endpoint.parse(text);
        } catch (StreamException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    GatewayControlConfig.PID + " endpoint=" + text + ": must be host:port, IPv6 in brackets",
                    e);
        }
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
